{%- set features = ['recurring_tasks', 'reminders', 'calendar_sync', 'notifications'] %}

with customers as (
    select household_id, score_date, member_count, plan_type
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

score_dates as (
    select score_date from {{ ref('int_score_dates') }} where score_date >= {{ first_day() }}
),

enabled as (
    select
        periods.household_id,
        {%- for feature in features %}
        bool_or(periods.feature_name = '{{ feature }}') as {{ feature }}_enabled,
        {%- endfor %}
        score_dates.score_date
    from {{ ref('int_setting_periods') }} as periods
    inner join score_dates
        on
            score_dates.score_date >= periods.valid_from
            and score_dates.score_date < {{ open_end('periods.valid_until') }}
    where periods.is_enabled
    group by periods.household_id, score_dates.score_date
),

photo_days as (
    select household_id, activity_date, sum(photos_uploaded) as photos
    from {{ ref('int_member_days') }}
    where photos_uploaded > 0
    group by household_id, activity_date
),

photos as (
    select
        household_id,
        activity_date as valid_from,
        lead(activity_date) over by_day as valid_until,
        sum(photos) over (by_day rows between unbounded preceding and current row) as photos
    from photo_days
    window by_day as (partition by household_id order by activity_date)
),

known as (
    select
        customers.*,
        {%- for feature in features %}
        cast({{ flag_or_unknown('enabled.' ~ feature ~ '_enabled', 'app', 'feature_settings') }} as integer)
            as {{ feature }}_enabled,
        {%- endfor %}
        cast({{ activity_or_unknown('photos.photos') }} as bigint) as photos_uploaded,
        cast({{ count_or_unknown('recurring.tasks', 'app', 'tasks') }} as bigint) as recurring_tasks
    from customers
    left join enabled using (household_id, score_date)
    {%- for total, periods in [('photos', 'photos'), ('recurring', ref('int_recurring_task_periods'))] %}
    left join {{ periods }} as {{ total }}
        on
            customers.household_id = {{ total }}.household_id
            and customers.score_date >= {{ total }}.valid_from
            and customers.score_date < {{ open_end(total ~ '.valid_until') }}
    {%- endfor %}
)

select
    known.*,
    greatest(
        {{ safe_ratio('known.recurring_tasks', 'plans.max_recurring_tasks') }},
        {{ safe_ratio('known.photos_uploaded', 'plans.max_photos') }},
        {{ safe_ratio('known.member_count', 'plans.max_members') }}
    ) as limit_share
from known
left join {{ ref('plans') }} as plans on known.plan_type = plans.plan_type
order by score_date
