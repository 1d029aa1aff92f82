-- Joins what fct_customer_profiles joins: through that mart the chain of models would be longer than 20.
with profiles as (
    select profiles.*, predictions.churn_probability
    from {{ ref('int_customer_profiles') }} as profiles
    left join {{ ref('ml_churn_predictions') }} as predictions using (household_id)
),

{%- set dimensions = [
    'usage_intensity', 'collaboration_level', 'feature_sophistication', 'lifecycle_stage', 'value_perception',
    'support_dependency'
] %}

segments as (
    select
        {{ dimensions | join(', ') }},
        recommended_action,
        count(*) as customer_count,
        -- In one order, since sums of floating-point numbers depend on it.
        avg(churn_probability order by household_id) as avg_churn_probability
    from profiles
    group by {{ dimensions | join(', ') }}, recommended_action
)

select
    md5(cast([{{ dimensions | join(', ') }}] as varchar)) as micro_segment_id,
    {{ dimensions | join(',\n    ') }},
    customer_count,
    100.0 * customer_count / sum(customer_count) over () as pct_of_total,
    avg_churn_probability,
    recommended_action
from segments
