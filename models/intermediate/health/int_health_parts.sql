with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

{%- set part_names = [
    'product_usage', 'feature_adoption', 'support_health', 'support_engagement', 'engagement', 'payment', 'value_delivery',
    'premium_adoption'
] %}

-- Materialized, because eight joins and the sort do not fit into memory together.
joined as materialized (
    select
        customers.household_id,
        customers.score_date,
        {%- for part in part_names %}
        {{ part }}.{{ part }},
        {%- endfor %}
        value_delivery.tasks_trend,
        premium_adoption.level_from
    from customers
    left join {{ ref('int_health_product_usage') }} as product_usage using (household_id, score_date)
    left join {{ ref('int_health_feature_adoption') }} as feature_adoption using (household_id, score_date)
    left join {{ ref('int_health_support_health') }} as support_health using (household_id, score_date)
    left join {{ ref('int_health_support_engagement') }} as support_engagement using (household_id, score_date)
    left join {{ ref('int_health_engagement') }} as engagement using (household_id, score_date)
    left join {{ ref('int_health_payment') }} as payment using (household_id, score_date)
    left join {{ ref('int_health_value_delivery') }} as value_delivery using (household_id, score_date)
    left join {{ ref('int_health_premium_adoption') }} as premium_adoption using (household_id, score_date)
),

{%- set guide, value = weighted_score('guide_v1'), weighted_score('value_v2') %}

scored as (
    select
        *,
        {{ guide.score }} as guide_raw,
        {{ guide.known }} as guide_known_weight,
        {{ value.score }} as value_raw,
        {{ value.known }} as value_known_weight
    from joined
)

select
    * exclude (guide_raw, value_raw),
    {{ rounded_score('guide_raw', 'guide_known_weight') }} as guide_score,
    {{ rounded_score('value_raw', 'value_known_weight') }} as value_score
from scored
order by score_date
