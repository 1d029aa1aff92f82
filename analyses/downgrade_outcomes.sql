-- Question: how many households that downgraded from Premium to Free left soon after?
-- Grain: quarter of the downgrade. Left: left_at within 60 days; known once the 30 days
-- after these are complete, before that null.
-- Decisions: 41 (the end of a trial is not a downgrade), 31 and 34 (one definition of leaving, by left_at).
{%- set days = 60 %}

with changes as (
    select
        household_id,
        changed_at,
        cast({{ dbt.date_trunc('quarter', 'changed_at') }} as date) as quarter_start,
        changed_at + {{ days + 30 }} <= {{ as_of_date() }} as is_known
    from {{ ref('fct_subscription_changes') }}
    where change_type = 'Premium_to_Free'
),

churn as (
    select household_id, left_at, churned_at from {{ ref('fct_churn_events') }}
),

outcomes as (
    select
        changes.household_id,
        changes.changed_at,
        changes.quarter_start,
        changes.is_known,
        count(churn.household_id) > 0 as has_left
    from changes
    left join churn
        on
            changes.household_id = churn.household_id
            and churn.churned_at > changes.changed_at
            and churn.left_at <= changes.changed_at + {{ days }}
    group by all
),

counted as (
    select
        quarter_start,
        count(*) as downgrades,
        count(*) filter (where is_known and has_left) as downgraders_left,
        count(*) filter (where is_known) as downgrades_known,
        count(*) filter (where not is_known) as downgrades_unknown
    from outcomes
    group by quarter_start
),

final as (
    select *, {{ safe_ratio('downgraders_left', 'downgrades_known') }} as downgraders_left_rate
    from counted
)

select * from final
order by quarter_start
