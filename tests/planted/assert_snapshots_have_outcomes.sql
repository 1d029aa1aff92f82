-- A snapshot without a known outcome.
update intermediate.int_churn_snapshots set churned_next_30d = null
where household_id = (select min(household_id) from intermediate.int_churn_snapshots);
