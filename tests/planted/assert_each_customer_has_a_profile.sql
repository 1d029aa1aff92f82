-- Silence taken for anger.
update analytics.fct_customer_profiles set value_perception = 'Detractor' where nps_score is null;
