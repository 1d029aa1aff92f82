with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_score_date() }}
),

{%- set part_names = [
    'product_usage', 'feature_adoption', 'support_health', 'support_engagement', 'engagement', 'payment', 'value_delivery',
    'premium_adoption'
] %}

-- Laid down first: eight joins and the order of the rows do not fit into memory together.
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
    {{ at_score_dates(part_names, 'int_health_{}', 'left') }}
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
