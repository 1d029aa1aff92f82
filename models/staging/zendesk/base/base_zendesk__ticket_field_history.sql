{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('zendesk', 'ticket_field_history', key=['ticket_id', 'field_name', 'updated'], own_date='updated') }}
),

tickets as (
    {{ households_by_key('base_zendesk__ticket', 'id') }}
),

with_household as (
    select
        raw_rows.* replace (case when field_name = 'status' then lower(trim(value)) else value end as value),
        tickets.household_id,
        tickets.household_state
    from raw_rows
    left join tickets on raw_rows.ticket_id = tickets.parent_key
)

{{ with_row_class(
    'with_household',
    key=['ticket_id', 'field_name', 'updated'],
    status=('value', var('zendesk_ticket_statuses'), "field_name = 'status'")
) }}
