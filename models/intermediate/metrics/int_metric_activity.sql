with active_days as (
    select * from {{ ref('int_metric_active_days') }}
),

periods as (
    select * from {{ ref('int_metric_periods') }}
)

select
    {%- for suffix in ['', '_7', '_28'] %}
    active_days.active_member_days{{ suffix }},
    active_days.active_member_days{{ suffix }} * active_days.active_member_days{{ suffix }}
        as active_member_days{{ suffix }}_squared,
    {%- endfor %}
    active_days.active_member_days * active_days.active_member_days_28 as active_member_days_times_28,
    periods.period_grain,
    periods.period_start,
    periods.period_end,
    active_days.household_id,
    states.plan_type,
    states.region,
    periods.period_days,
    1 as active_households
from active_days
inner join periods on active_days.period_grain = periods.period_grain and active_days.period_start = periods.period_start
inner join {{ ref('int_metric_household_states') }} as states
    on active_days.household_id = states.household_id and periods.start_day = states.state_day
