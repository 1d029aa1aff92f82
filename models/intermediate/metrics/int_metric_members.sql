{%- set product_is_known = source_is_present('product', 'events') -%}

with days as (
    select * from {{ ref('int_metric_days') }}
),

joined as (
    select member_id, household_id, user_id, cast(joined_at as date) as joined_date
    from {{ ref('dim_members') }}
),

active_days as (
    select household_id, user_id, activity_date from {{ ref('int_member_days') }}
),

returned as (
    select
        joined.*,
        {%- for day in [7, 30] %}
        joined.joined_date + {{ day }} <= {{ as_of_date() }} as is_known_d{{ day }},
        day_{{ day }}.user_id is not null as is_active_d{{ day }}{{ ',' if not loop.last }}
        {%- endfor %}
    from joined
    {%- for day in [7, 30] %}
    left join active_days as day_{{ day }}
        on
            joined.household_id = day_{{ day }}.household_id
            and joined.user_id = day_{{ day }}.user_id
            and joined.joined_date + {{ day }} = day_{{ day }}.activity_date
    {%- endfor %}
),

summed as (
    select
        days.period_grain,
        days.period_start,
        days.period_end,
        days.start_day,
        returned.household_id,
        {%- for day in [7, 30] %}
        count(*) filter (where returned.is_known_d{{ day }}) as members_known_d{{ day }},
        count(*) filter (where not returned.is_known_d{{ day }}) as members_pending_d{{ day }},
        {% if product_is_known -%}
        count(*) filter (where returned.is_known_d{{ day }} and returned.is_active_d{{ day }})
        {%- else -%}
        cast(null as bigint)
        {%- endif %} as members_active_d{{ day }}{{ ',' if not loop.last }}
        {%- endfor %}
    from returned
    inner join days on returned.joined_date = days.date_day
    group by days.period_grain, days.period_start, days.period_end, days.start_day, returned.household_id
)

select
    summed.* exclude (start_day),
    states.plan_type,
    states.region
from summed
inner join {{ ref('int_metric_household_states') }} as states
    on summed.household_id = states.household_id and summed.start_day = states.state_day
