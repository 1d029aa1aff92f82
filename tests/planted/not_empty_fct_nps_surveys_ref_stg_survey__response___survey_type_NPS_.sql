-- A mart that lost everything.
delete from analytics.fct_nps_surveys;
