-- A score that differs from the sum of its rules.
update analytics.fct_churn_risk set churn_risk_score = churn_risk_score + 1
where household_id = (select max(household_id) from analytics.fct_churn_risk);
