-- A mart without rows.
delete from analytics.fct_nps_surveys;
