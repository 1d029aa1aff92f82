-- Question: do newer cohorts adopt features sooner?
-- Grain: month of signup. Adopted by day N: at least three advanced or premium features used in the days 0 to N - 1.
-- Decisions: 17 (first uses, not a difference of two ever-counts), 20 (a household counts only if day N - 1 is complete;
-- others are null). Churned households stay in the denominator.
{%- set milestones = [30, 60, 90] %}

with households as (
    select
        household_id,
        signup_date,
        cast({{ dbt.date_trunc('month', 'signup_date') }} as date) as signup_month
    from {{ ref('dim_households') }}
),

features as (
    select feature_name from {{ ref('dim_features') }} where tier in ('advanced', 'premium')
),

first_uses as (
    select uses.household_id, uses.feature_name, min(cast(uses.used_at as date)) as first_used_date
    from {{ ref('fct_feature_usage') }} as uses
    inner join features on uses.feature_name = features.feature_name
    group by uses.household_id, uses.feature_name
),

-- The day of the first use of the third feature.
third_uses as (
    select household_id, first_used_date as adopted_date
    from first_uses
    qualify row_number() over (partition by household_id order by first_used_date, feature_name) = 3
),

progress as (
    select
        households.signup_month,
        {{ as_of_date() }} - households.signup_date + 1 as days_observed,
        third_uses.adopted_date - households.signup_date as days_to_adoption
    from households
    left join third_uses on households.household_id = third_uses.household_id
),

counted as (
    select
        signup_month,
        {%- for days in milestones %}
        {%- set adopted = 'count(*) filter (where days_observed >= ' ~ days ~ ' and days_to_adoption < ' ~ days ~ ')' %}
        count(*) filter (where days_observed >= {{ days }}) as observed_{{ days }}d,
        count(*) filter (where days_observed < {{ days }}) as unknown_{{ days }}d,
        {{ count_or_unknown(adopted, 'product', 'events') }} as adopted_{{ days }}d,
        {%- endfor %}
        count(*) as households
    from progress
    group by signup_month
),

final as (
    select
        signup_month,
        {%- for days in milestones %}
        observed_{{ days }}d,
        unknown_{{ days }}d,
        adopted_{{ days }}d,
        {{ safe_ratio('adopted_' ~ days ~ 'd', 'observed_' ~ days ~ 'd') }} as adoption_{{ days }}d_rate,
        {%- endfor %}
        households
    from counted
)

select * from final
order by signup_month
