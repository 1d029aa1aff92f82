-- An alert for a decline from 0.
insert into analytics.fct_trend_alerts
select household_id, score_date, 'active_members', 1, 0, -1, 'critical' from analytics.fct_customer_health limit 1;
