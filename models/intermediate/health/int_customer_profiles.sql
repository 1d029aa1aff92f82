{{ config(materialized='table') }}

{%- set dimensions = [
    'usage_intensity', 'collaboration_level', 'feature_sophistication', 'lifecycle_stage', 'value_perception',
    'support_dependency'
] %}

with customers as (
    select * from {{ ref('int_household_score_dates') }} where is_current
),

metrics as (
    select
        customers.household_id,
        {{ safe_ratio('activity.active_member_days_7', '7 * members.active_members_7') }} as dau_wau_ratio,
        member_activity.active_members,
        customers.member_count as total_members,
        {{ safe_ratio('member_activity.active_members', 'customers.member_count') }} as active_share,
        features.premium_features_30 as premium_features_count,
        features.advanced_features_30 as advanced_features_count,
        customers.days_since_signup,
        surveys.nps_score,
        tickets.tickets_90 / 3.0 as tickets_per_month,
        health.health_score
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} as activity using (household_id, score_date)
    inner join {{ ref('int_members_at_score_dates') }} as members using (household_id, score_date)
    inner join {{ ref('int_features_at_score_dates') }} as features using (household_id, score_date)
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys using (household_id, score_date)
    inner join {{ ref('int_tickets_at_score_dates') }} as tickets using (household_id, score_date)
    inner join {{ ref('fct_customer_health') }} as health using (household_id, score_date)
    inner join {{ ref('int_active_members') }} as member_activity using (household_id)
),

levels as (
    select
        {%- for dimension in dimensions %}
        {{ level_of(dimension) }} as {{ dimension }},
        {%- endfor %}
        metrics.*
    from metrics
),

segmented as (
    select levels.*, rules.behavioral_segment
    from levels
    inner join {{ ref('behavioral_segments') }} as rules
        on
            (rules.min_score is null or levels.health_score >= rules.min_score)
            and (rules.max_score is null or levels.health_score <= rules.max_score)
            and (rules.min_nps is null or levels.nps_score >= rules.min_nps)
            and (rules.max_nps is null or levels.nps_score <= rules.max_nps)
    qualify row_number() over (partition by levels.household_id order by rules.rule_order) = 1
)

select
    segmented.household_id,
    true as is_active,
    {%- for dimension in dimensions %}
    segmented.{{ dimension }},
    {%- endfor %}
    segmented.behavioral_segment,
    rules.recommended_action,
    segmented.dau_wau_ratio,
    segmented.active_members,
    segmented.total_members,
    segmented.premium_features_count,
    segmented.advanced_features_count,
    segmented.days_since_signup,
    segmented.nps_score,
    cast(segmented.tickets_per_month as double) as tickets_per_month,
    segmented.health_score
from segmented
inner join {{ ref('recommended_actions') }} as rules
    on
        true  -- an empty field of a rule matches any level
        {%- for dimension in dimensions %}
        and coalesce(segmented.{{ dimension }} = rules.{{ dimension }}, rules.{{ dimension }} is null)
        {%- endfor %}
qualify row_number() over (partition by segmented.household_id order by rules.rule_order) = 1
