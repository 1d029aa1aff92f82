-- A reactivation on the day of churn.
update analytics.fct_churn_events set reactivated_at = churned_at where reactivated_at is not null;
