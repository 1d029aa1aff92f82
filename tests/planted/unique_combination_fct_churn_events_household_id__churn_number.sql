-- A duplicate churn spell.
insert into analytics.fct_churn_events select * from analytics.fct_churn_events limit 1;
