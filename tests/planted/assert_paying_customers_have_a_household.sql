-- A customer who pays and leads to no household.
update intermediate.int_subscription_periods set household_id = null
where subscription_id = (select min(subscription_id) from intermediate.int_subscription_periods where is_paying and valid_until is null);
