with changes as (
    select ticket_id, updated_at, field_value as status, field_value in ('solved', 'closed') as is_solved
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'status'
),

with_previous_state as (
    select
        *,
        lag(is_solved) over (partition by ticket_id order by updated_at) as was_solved
    from changes
)

select
    ticket_id,
    arg_max_null(status, updated_at) as status,
    arg_max_null(is_solved, updated_at) as is_solved,
    -- A ticket that is closed after it was solved keeps its time of solving.
    max(updated_at) filter (where is_solved and not coalesce(was_solved, false)) as last_solved_at,
    count(*) filter (where was_solved and not is_solved) as reopen_count
from with_previous_state
group by ticket_id
