-- A null score that was replaced by 0.
update analytics.fct_health_scores set overall_score = 0, segment = 'Critical'
where health_model = 'retention_b2b' and overall_score is null;
