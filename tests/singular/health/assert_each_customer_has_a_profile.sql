-- One profile per current customer; a level is null only if its metrics are null.
select customers.household_id, profiles.*
from (select household_id from {{ ref('int_household_score_dates') }} where is_current) as customers
full join {{ ref('fct_customer_profiles') }} as profiles on customers.household_id = profiles.household_id
where
    customers.household_id is null
    or profiles.household_id is null
    or (profiles.usage_intensity is null and profiles.active_members is not null)
    or (profiles.collaboration_level is null and profiles.active_members is not null)
    or (profiles.feature_sophistication is null and profiles.advanced_features_count is not null)
    or (profiles.support_dependency is null and profiles.tickets_per_month is not null)
    or (profiles.value_perception = 'Unknown') <> (profiles.nps_score is null)
