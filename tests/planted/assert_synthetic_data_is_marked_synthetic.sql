-- A simulated household that is not marked as synthetic.
update analytics.dim_households set is_synthetic = not is_synthetic
where household_id = (select min(household_id) from analytics.dim_households);
