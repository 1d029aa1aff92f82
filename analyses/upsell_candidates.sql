-- Question: which households on a limited plan are outgrowing it?
-- Grain: customer on a plan with limits (seed plans) that used at least 80% of one, or reached one in the last 30 days;
-- sorted by the number of limit events. Recurring tasks count while they are open: neither done, deleted nor overdue.
-- Decisions: 8 (unmeasured usage is null and not a reason), 36 (a trial has its plan, so it is not a candidate).
{%- set near = 0.8 %}
{%- set days = 30 %}

with customers as (
    select
        household_id, plan_type, csm_owner_id, photos_uploaded_count, member_count, days_since_signup, health_segment
    from {{ ref('dim_households') }}
    where is_active
),

limits as (
    select plan_type, max_recurring_tasks, max_photos, max_members
    from {{ ref('plans') }}
    where coalesce(max_recurring_tasks, max_photos, max_members) is not null
),

-- Tasks have no mart of their own.
tasks as (
    select household_id, count(*) as recurring_tasks
    from {{ ref('stg_app__tasks') }}
    where is_recurring and completed_at is null and deleted_at is null and due_at >= {{ as_of_end() }}
    group by household_id
),

-- Only events of members count; the event itself names the limit.
hits as (
    select
        household_id,
        count(*) as limit_hits,
        max(event_at) as last_limit_hit_at,
        mode(feature_name) as limit_most_hit
    from {{ ref('fct_events') }}
    where
        event_id in (
            select event_id
            from {{ ref('fct_household_activity') }}
            where event_type = 'limit_hit' and activity_date > {{ as_of_date() }} - {{ days }}
        )
    group by household_id
),

usage as (
    select
        customers.*,
        limits.* exclude (plan_type),
        {{ count_or_unknown('tasks.recurring_tasks', 'app', 'tasks') }} as recurring_tasks,
        {{ count_or_unknown('hits.limit_hits', 'product', 'events') }} as limit_hits_30d,
        hits.last_limit_hit_at,
        hits.limit_most_hit
    from customers
    inner join limits using (plan_type)
    left join tasks using (household_id)
    left join hits using (household_id)
),

shares as (
    select
        *,
        {{ safe_ratio('recurring_tasks', 'max_recurring_tasks') }} as recurring_tasks_ratio,
        {{ safe_ratio('photos_uploaded_count', 'max_photos') }} as photos_ratio,
        {{ safe_ratio('member_count', 'max_members') }} as members_ratio
    from usage
)

select
    household_id, plan_type, csm_owner_id, days_since_signup,
    coalesce(health_segment, 'unknown') as health_segment,
    recurring_tasks, recurring_tasks_ratio,
    photos_uploaded_count, photos_ratio,
    member_count, members_ratio,
    -- Unknown shares are skipped.
    greatest(recurring_tasks_ratio, photos_ratio, members_ratio) as largest_limit_ratio,
    limit_hits_30d, limit_most_hit, last_limit_hit_at
from shares
where largest_limit_ratio >= {{ near }} or limit_hits_30d > 0
order by limit_hits_30d desc nulls last, largest_limit_ratio desc nulls last, household_id asc
