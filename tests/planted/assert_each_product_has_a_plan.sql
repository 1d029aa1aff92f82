-- A product that no plan knows.
update intermediate.int_subscription_lines set is_mapped = false
where subscription_id = (select min(subscription_id) from intermediate.int_subscription_lines where not is_free);
