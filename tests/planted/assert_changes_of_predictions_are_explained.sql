-- An earlier probability of a household that was not a customer then.
insert into analytics.ml_churn_predictions
    (household_id, churn_probability, churn_risk_segment, model_run_id, previous_probability, changed_by)
values ('nobody', 0.5, 'High Risk', 'made up', 0.1, 'days_since_last_login');
