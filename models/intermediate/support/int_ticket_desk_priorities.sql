-- Zendesk's own priority at the end of each day on which it changed. A ticket without one in its history has its present one.
with tickets as (
    select ticket_id, cast(created_at as date) as created_date, priority from {{ ref('stg_zendesk__ticket') }}
),

changes as (
    select
        history.ticket_id,
        greatest(cast(history.updated_at as date), tickets.created_date) as valid_from,
        arg_max_null(history.field_value, history.updated_at) as desk_priority
    from {{ ref('stg_zendesk__ticket_field_history') }} as history
    inner join tickets on history.ticket_id = tickets.ticket_id
    where history.field_name = 'priority'
    group by history.ticket_id, greatest(cast(history.updated_at as date), tickets.created_date)
)

select * from changes
union all
select tickets.ticket_id, tickets.created_date, tickets.priority
from tickets
anti join changes on tickets.ticket_id = changes.ticket_id
where tickets.priority is not null
