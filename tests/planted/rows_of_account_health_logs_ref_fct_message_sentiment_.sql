-- A view under an older name that has lost its rows.
delete from analytics.account_health_logs;
