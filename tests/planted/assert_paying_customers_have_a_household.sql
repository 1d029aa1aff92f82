-- A customer who pays and leads to no household.
update intermediate.int_subscription_states set household_id = null
where subscription_id = (select min(subscription_id) from intermediate.int_subscription_states where is_paying and valid_until is null);
