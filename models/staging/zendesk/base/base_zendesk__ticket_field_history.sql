{{ config(materialized='table') }}

with landed as (
    {{ raw_rows('zendesk', 'ticket_field_history', key=['ticket_id', 'field_name', 'updated'], own_date='updated') }}
),

-- The desk writes these words in any case. A change to the status deleted is no status of a ticket that counts.
raw_rows as (
    select * replace (
        case when field_name in ('status', 'priority') then lower(nullif(trim(value), '')) else value end as value,
        was_deleted or coalesce(field_name = 'status' and lower(trim(value)) = 'deleted', false) as was_deleted
    )
    from landed
),

tickets as (
    {{ households_by_key('base_zendesk__ticket', 'id') }}
),

with_household as (
    select raw_rows.*, tickets.household_id, tickets.household_state
    from raw_rows
    left join tickets on raw_rows.ticket_id = tickets.parent_key
)

{{ with_row_class(
    'with_household',
    key=['ticket_id', 'field_name', 'updated'],
    status=('value', var('zendesk_ticket_statuses'), "field_name = 'status'"),
    other={'bad_value': "field_name = 'priority' and " ~ is_unknown_priority('value')}
) }}
