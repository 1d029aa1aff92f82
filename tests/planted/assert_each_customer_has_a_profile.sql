-- A household without an NPS answer that is classified as detractor.
update analytics.fct_customer_profiles set value_perception = 'Detractor' where nps_score is null;
