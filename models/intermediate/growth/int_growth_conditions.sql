with customers as (
    select customers.*, plans.max_members, plans.max_photos, plans.max_recurring_tasks
    from {{ ref('int_growth_sundays') }} as customers
    left join {{ ref('plans') }} as plans on customers.plan_type = plans.plan_type
),

counted as (
    select
        customers.*,
        activity.* exclude (household_id, score_date),
        coalesce(tasks.tasks, 0) as recurring_tasks,
        customers.plan_rank = 0 as is_free
    from customers
    inner join {{ ref('int_growth_activity') }} as activity
        on customers.household_id = activity.household_id and customers.score_date = activity.score_date
    asof left join {{ ref('int_growth_recurring_tasks') }} as tasks
        on customers.household_id = tasks.household_id and customers.score_date >= tasks.valid_from
),

busy as (
    select household_id, score_date from counted where is_free and tasks_30 >= {{ var('busy_tasks_30') }}
),

higher_features as (
    select busy.household_id, busy.score_date, count(distinct uses.feature_name) as features
    from busy
    left join {{ ref('int_feature_days') }} as uses
        on
            busy.household_id = uses.household_id
            and uses.activity_date between busy.score_date - 29 and busy.score_date
            and uses.tier in ('advanced', 'premium')
    group by busy.household_id, busy.score_date
),

{%- set grew = 'members_90d_ago > 0 and member_count >= ' ~ var('team_growth_ratio') ~ ' * members_90d_ago' %}

held as (
    {%- for rule in [
        ('user_expansion', 'member_count > ' ~ var('near_limit_shares').members ~ ' * max_members', 'member_count', 'max_members'),
        (
            'storage_expansion',
            'photos > ' ~ var('near_limit_shares').photos ~ ' * max_photos and (photos_30 > 0 or photo_limit_hits_30 > 0)',
            'photos', 'max_photos'
        ),
        (
            'task_expansion', 'recurring_tasks > ' ~ var('near_limit_shares').tasks ~ ' * max_recurring_tasks',
            'recurring_tasks', 'max_recurring_tasks'
        ),
        (
            'tier_upgrade',
            'is_free and days_since_signup >= ' ~ var('tier_upgrade_days')
            ~ ' and tasks_prev_90 < tasks_prev_60 and tasks_prev_60 < tasks_prev_30 and tasks_prev_30 < tasks_30',
            'null', 'null'
        ),
        ('add_features', 'limit_hits_30 > ' ~ var('many_limit_hits_30'), 'null', 'null'),
        (
            'add_seats', 'plan_rank = (select max(plan_rank) from ' ~ ref('plans') ~ ') and ' ~ grew ~ ' and member_count > seats',
            'member_count', 'seats'
        )
    ] %}
    select
        household_id,
        score_date,
        '{{ rule[0] }}' as opportunity_type,
        {{ rule[2] }} as current_usage,
        {{ rule[3] }} as usage_limit
    from counted
    where {{ rule[1] }}
    union all
    {%- endfor %}
    select counted.household_id, counted.score_date, 'feature_upgrade', null, null
    from counted
    inner join higher_features using (household_id, score_date)
    where higher_features.features < {{ var('few_features_30') }}
)

select * replace (cast(current_usage as bigint) as current_usage, cast(usage_limit as bigint) as usage_limit)
from held
