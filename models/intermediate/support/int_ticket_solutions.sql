with changes as (
    select ticket_id, updated_at, field_value in ('solved', 'closed') as is_solved
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'status'
),

state_changes as (
    select *
    from changes
    qualify is_solved is distinct from coalesce(lag(is_solved) over (partition by ticket_id order by updated_at), false)
),

solutions as (
    select
        ticket_id,
        is_solved,
        updated_at as solved_at,
        lead(updated_at) over (partition by ticket_id order by updated_at) as reopened_at
    from state_changes
)

select
    ticket_id,
    row_number() over (partition by ticket_id order by solved_at) as solution_number,
    solved_at,
    reopened_at
from solutions
where is_solved
