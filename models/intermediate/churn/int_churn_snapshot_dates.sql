-- The label of a snapshot is known once the horizon and the inactivity period that defines churn are complete.
with score_dates as (
    select
        score_date,
        is_current,
        coalesce(score_date = max(previous_score_date) filter (where is_current) over (), false) as is_previous,
        max(score_date) filter (
            where dayofweek(score_date) = 0
            and score_date + {{ var('churn_horizon_days') + var('churn_inactivity_days') }} <= {{ as_of_date() }}
        ) over () - score_date as days_before_last
    from {{ ref('int_score_dates') }}
    where score_date > {{ history_start('published') }}
)

select
    score_date,
    is_current,
    is_previous,
    coalesce(
        days_before_last % {{ var('snapshot_every_days') }} = 0
        and days_before_last between 0 and {{ var('snapshot_every_days') * (var('snapshot_count') - 1) }},
        false
    ) as is_snapshot
from score_dates
where is_snapshot or is_current or is_previous
