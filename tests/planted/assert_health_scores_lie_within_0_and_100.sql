-- A score above 100.
update analytics.fct_health_scores set overall_score = 101
where (household_id, score_date, health_model) = (
    select (household_id, score_date, health_model) from analytics.fct_health_scores where overall_score is not null limit 1
);
