{%- set days_before = [90, 60, 30] %}

-- The score of the Sunday on or before a day, so that a later build shows the same one.
with scores as (
    select household_id, score_date, {{ var('primary_health_model') }} as health
    from {{ ref('int_health_overall') }}
    where dayofweek(score_date) = 0
),

days as (
    {%- for days in days_before %}
    select household_id, subscription_id, renewal_on, {{ days }} as days_before, renewal_on - {{ days }} as day
    from {{ ref('int_renewals') }}
    where renewal_on - {{ days }} <= {{ as_of_date() }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

found as (
    select days.*, case when scores.score_date > days.day - 7 then scores.health end as health
    from days
    asof left join scores on days.household_id = scores.household_id and days.day >= scores.score_date
)

select
    subscription_id,
    renewal_on,
    {%- for days in days_before %}
    max(health) filter (where days_before = {{ days }}) as health_{{ days }}d_before{{ ',' if not loop.last }}
    {%- endfor %}
from found
group by subscription_id, renewal_on
