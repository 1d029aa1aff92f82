-- An answer without a score that is counted as 0.
update analytics.fct_nps_surveys set nps_score = 0
where response_id = (select min(response_id) from analytics.fct_nps_surveys where nps_score is distinct from 0);
