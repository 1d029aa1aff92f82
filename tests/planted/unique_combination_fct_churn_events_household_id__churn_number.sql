-- The same spell twice.
insert into analytics.fct_churn_events select * from analytics.fct_churn_events limit 1;
