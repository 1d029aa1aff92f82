-- A customer without a score at one date.
delete from analytics.fct_health_scores
where (household_id, score_date) = (select (household_id, score_date) from analytics.fct_health_scores limit 1);
