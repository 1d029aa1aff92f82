-- A customer without a row.
delete from analytics.fct_churn_risk where household_id = (select min(household_id) from analytics.fct_churn_risk);
