{{ config(materialized='table') }}

{#- The parts of the primary and the graded scorecard with their columns. -#}
{%- set relations = {
    'guide_v1': 'int_health_parts', 'value_v2': 'int_health_parts',
    'retention_b2b': 'int_health_retention_b2b', 'graded': 'int_health_graded'
} %}
{%- set models = [var('primary_health_model'), 'graded'] | unique | list %}
-- depends_on: {{ ref('int_health_retention_b2b') }}

with dates as (
    select household_id, score_date, trend_score_date from {{ ref('int_health_overall') }} where is_current
),

-- A household's current and its earlier score date; other dates are not read.
compared_dates as (
    select score_date from dates
    union
    select trend_score_date from dates
),

scores as (
    {%- for model in models %}
    {%- set outer_first = loop.first %}
    {%- for rule in rule_rows('health_parts', "health_model = '" ~ model ~ "'", 'part') %}
    {{ 'union all' if not (outer_first and loop.first) }}
    select
        parts.household_id,
        parts.score_date,
        '{{ model }}' as health_model,
        '{{ rule['part'] }}' as part,
        parts.{{ rule['part'] }} as score
    from {{ ref(relations[model]) }} as parts
    where parts.score_date in (select score_date from compared_dates)
    {%- else %}
    {{ 'union all' if not outer_first }}
    select household_id, score_date, '{{ model }}' as health_model, '' as part, cast(null as decimal(12, 9)) as score
    from {{ ref(relations[model]) }}
    where score_date in (select score_date from compared_dates)
    {%- endfor %}
    {%- endfor %}
)

select
    dates.household_id,
    current_scores.health_model,
    current_scores.part,
    weights.weight,
    cast(current_scores.score as decimal(9, 6)) as score,
    cast(current_scores.score - earlier.score as decimal(9, 6)) as change_28d
from dates
inner join scores as current_scores
    on dates.household_id = current_scores.household_id and dates.score_date = current_scores.score_date
inner join {{ ref('health_parts') }} as weights
    on current_scores.health_model = weights.health_model and current_scores.part = weights.part
left join scores as earlier
    on
        dates.household_id = earlier.household_id
        and dates.trend_score_date = earlier.score_date
        and current_scores.health_model = earlier.health_model
        and current_scores.part = earlier.part
