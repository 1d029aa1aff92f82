select
    loops.loop_id,
    loops.household_id,
    loops.kind,
    loops.origin,
    loops.origin_id,
    loops.score,
    loops.opened_at,
    loops.due_at,
    assignments.owner_id,
    loops.followed_up_at,
    loops.hours_to_follow_up,
    loops.status
from {{ ref('int_feedback_loops') }} as loops
left join {{ ref('fct_csm_assignments') }} as assignments on loops.household_id = assignments.household_id
