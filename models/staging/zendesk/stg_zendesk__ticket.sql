with tickets as (
    select * from {{ ref('base_zendesk__ticket') }}
    where row_class = 'staged'
),

-- The desk shows only the current status and priority. A ticket whose status changed after as_of_date counts as 'new' here, its
-- priority as unset; downstream models use its field history where there is one.
changed_later as (
    select distinct ticket_id, field_name
    from {{ ref('base_zendesk__ticket_field_history') }}
    where field_name in ('status', 'priority') and row_class = 'later'
),

-- Lists of ids arrive as JSON or with commas.
merged as (
    select distinct unnest(regexp_extract_all(merged_ticket_ids, '[^\[\]",\s]+')) as ticket_id
    from {{ ref('base_zendesk__ticket') }}
    where row_class <> 'later'
)

select
    tickets.id as ticket_id,
    tickets.household_id,
    tickets.organization_id,
    tickets.requester_id,
    tickets.submitter_id,
    tickets.assignee_id,
    tickets.subject,
    tickets.description,
    case when new_status.ticket_id is not null then 'new' else tickets.status end as status,
    case when new_priority.ticket_id is null then tickets.priority end as priority,
    tickets.type as ticket_type,
    merged.ticket_id is not null as is_listed_as_merged,
    tickets.created_at,
    tickets._fivetran_synced
from tickets
left join changed_later as new_status on tickets.id = new_status.ticket_id and new_status.field_name = 'status'
left join changed_later as new_priority on tickets.id = new_priority.ticket_id and new_priority.field_name = 'priority'
left join merged on tickets.id = merged.ticket_id
