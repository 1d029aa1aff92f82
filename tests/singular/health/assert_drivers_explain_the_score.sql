-- If all parts are known, the lost points add up to 100 minus the score, and the moved points to the change of the score.
with explained as (
    select
        household_id,
        sum(points_lost) as points_lost,
        sum(points_moved) as points_moved,
        count(*) filter (where score is null) as unknown_parts,
        count(*) filter (where change_28d is null) as unknown_changes
    from {{ ref('fct_health_drivers') }}
    group by household_id
)

select health.household_id, health.health_score, explained.*
from {{ ref('fct_customer_health') }} as health
left join explained on health.household_id = explained.household_id
where
    health.is_current
    and (
        explained.household_id is null
        or (explained.unknown_parts = 0 and abs(100 - health.health_score - explained.points_lost) > 0.5)
        -- Tolerance: both scores are rounded.
        or (explained.unknown_changes = 0 and abs(health.score_change_28d - explained.points_moved) > 1)
    )
