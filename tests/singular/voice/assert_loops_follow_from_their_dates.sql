-- A follow-up is after the answer and gives the status; without one there are no hours.
select loop_id
from {{ ref('fct_feedback_loops') }}
where
    due_at <= opened_at
    or followed_up_at <= opened_at
    or hours_to_follow_up < 0
    or (followed_up_at is null) <> (hours_to_follow_up is null)
    or (followed_up_at is null) = (status in ('on_time', 'late'))
    or (status = 'on_time' and followed_up_at > due_at)
    or (status = 'late' and followed_up_at <= due_at)
    or (status = 'open' and due_at < {{ as_of_end() }})
