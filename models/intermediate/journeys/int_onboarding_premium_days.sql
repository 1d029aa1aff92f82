{%- set metrics = {
    'analytics_views': 'advanced_analytics', 'templates_created': 'custom_templates',
    'priority_support_uses': 'priority_support', 'onboardings_completed': 'premium_onboarding'
} %}

-- Premium adoption on the days on which it can change, from the start of paying for Premium until paying stops.
with runs as (
    select * from {{ ref('int_onboarding_premium_runs') }}
),

changes as (
    select household_id, started_on, started_on as day, null as feature_name, 0 as uses, null as is_enabled from runs
    union all
    select runs.household_id, runs.started_on, greatest(days.activity_date, runs.started_on), days.feature_name, days.uses, null
    from runs
    inner join {{ ref('int_feature_days') }} as days
        on
            runs.household_id = days.household_id
            and days.activity_date >= runs.level_from
            and days.activity_date < {{ open_end('runs.ended_on') }}
    union all
    select runs.household_id, runs.started_on, greatest(settings.valid_from, runs.started_on), null, 0, settings.is_enabled
    from runs
    inner join {{ ref('int_setting_periods') }} as settings
        on
            runs.household_id = settings.household_id
            and settings.feature_name = 'calendar_sync'
            and settings.valid_from < {{ open_end('runs.ended_on') }}
            and {{ open_end('settings.valid_until') }} > runs.started_on
),

by_day as (
    select
        household_id,
        started_on,
        day,
        {%- for metric, feature in metrics.items() %}
        sum(uses) filter (where feature_name = '{{ feature }}') as {{ metric }},
        {%- endfor %}
        bool_or(is_enabled) as is_enabled
    from changes
    group by household_id, started_on, day
),

known as (
    select
        household_id,
        started_on,
        day,
        {%- for metric in metrics %}
        {{ activity_or_unknown('sum(' ~ metric ~ ') over up_to_day') }} as {{ metric }},
        {%- endfor %}
        cast({{ flag_or_unknown('last_value(is_enabled ignore nulls) over up_to_day', 'app', 'feature_settings') }} as integer)
            as calendar_sync_enabled
    from by_day
    window up_to_day as (
        partition by household_id, started_on order by day rows between unbounded preceding and current row
    )
)

select
    household_id,
    started_on,
    day,
    {%- for metric in ['calendar_sync_enabled'] + (metrics | list) %}
    {{ adoption_points(metric) }} as {{ metric }}_points,
    {%- endfor %}
    {{ points('premium_adoption') }} as premium_adoption
from known
