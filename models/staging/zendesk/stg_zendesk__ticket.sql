with tickets as (
    select * from {{ ref('base_zendesk__ticket') }}
    where row_class = 'staged'
),

-- The desk shows only the current status. A ticket whose status changed after as_of_date counts as 'new' here; downstream
-- models use its field history where there is one.
changed_later as (
    select distinct ticket_id
    from {{ ref('base_zendesk__ticket_field_history') }}
    where field_name = 'status' and row_class = 'later'
)

select
    tickets.id as ticket_id,
    tickets.household_id,
    tickets.organization_id,
    tickets.requester_id,
    tickets.assignee_id,
    tickets.subject,
    tickets.description,
    case when changed_later.ticket_id is not null then 'new' else tickets.status end as status,
    tickets.type as ticket_type,
    tickets.created_at,
    tickets._fivetran_synced
from tickets
left join changed_later on tickets.id = changed_later.ticket_id
