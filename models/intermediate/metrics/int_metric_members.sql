{%- set product_is_known = source_is_present('product', 'events') -%}

with days as (
    select * from {{ ref('int_metric_days') }}
),

joined as (
    select member_id, household_id, user_id, cast(joined_at as date) as joined_date
    from {{ ref('dim_members') }}
),

-- One pass over the days of all members, because the table is large.
member_activity as (
    select
        joined.member_id,
        bool_or(member_days.activity_date = joined.joined_date + 7) as is_active_d7,
        bool_or(member_days.activity_date = joined.joined_date + 30) as is_active_d30
    from {{ ref('int_member_days') }} as member_days
    inner join joined
        on
            member_days.household_id = joined.household_id
            and member_days.user_id = joined.user_id
            and member_days.activity_date in (joined.joined_date + 7, joined.joined_date + 30)
    group by joined.member_id
),

returned as (
    select
        joined.*,
        joined.joined_date + 7 <= {{ as_of_date() }} as is_known_d7,
        joined.joined_date + 30 <= {{ as_of_date() }} as is_known_d30,
        coalesce(member_activity.is_active_d7, false) as is_active_d7,
        coalesce(member_activity.is_active_d30, false) as is_active_d30
    from joined
    left join member_activity on joined.member_id = member_activity.member_id
),

summed as (
    select
        {%- for day in [7, 30] %}
        count(*) filter (where returned.is_known_d{{ day }}) as members_known_d{{ day }},
        count(*) filter (where not returned.is_known_d{{ day }}) as members_pending_d{{ day }},
        {% if product_is_known -%}
        count(*) filter (where returned.is_known_d{{ day }} and returned.is_active_d{{ day }})
        {%- else -%}
        cast(null as bigint)
        {%- endif %} as members_active_d{{ day }},
        {%- endfor %}
        days.period_grain,
        days.period_start,
        days.period_end,
        days.start_day,
        returned.household_id
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
