-- The health score is that of another scorecard.
update analytics.fct_customer_health set health_score = health_score + 1 where is_current;
