-- Criteria of success plans whose target was reached on a score date by the deadline.
with criteria as (
    select criterion_id, household_id, metric, baseline, target, deadline, cast(created_at as date) as created_on
    from {{ ref('stg_cs__success_criteria') }}
    where target is not null
),

customers as (
    select household_id, score_date, member_count, mrr from {{ ref('int_household_score_dates') }}
),

measured as (
    select
        criteria.*,
        customers.score_date,
        case criteria.metric
            when 'members' then customers.member_count
            when 'mrr' then customers.mrr
            when 'tasks_30' then activity.tasks_30
            when 'active_members_30' then members.active_members_30
            when 'features_used_30' then features.features_used_30
            when 'nps' then surveys.nps_score
            when 'health_score' then health.{{ var('primary_health_model') }}
        end as value
    from criteria
    inner join customers using (household_id)
    inner join {{ ref('int_activity_at_score_dates') }} as activity using (household_id, score_date)
    inner join {{ ref('int_members_at_score_dates') }} as members using (household_id, score_date)
    inner join {{ ref('int_features_at_score_dates') }} as features using (household_id, score_date)
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys using (household_id, score_date)
    inner join {{ ref('int_health_overall') }} as health using (household_id, score_date)
),

-- The value at the beginning is the measured one, where it has a past, else the stated one.
started as (
    select
        *,
        coalesce(
            max_by(value, score_date) filter (where score_date <= created_on) over (partition by criterion_id), baseline
        ) as value_before
    from measured
)

select criterion_id, household_id, min(score_date) as achieved_on
from started
where
    score_date > created_on
    and score_date <= coalesce(deadline, score_date)
    and ((target > value_before and value >= target) or (target < value_before and value <= target))
group by criterion_id, household_id
