-- Bands that overlap at 40.
update rules.churn_risk_bands set max_score = 40 where band = 'Low Risk';
