{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('zendesk', 'ticket_tag', key=['ticket_id', 'tag']) }}
),

tickets as (
    {{ households_by_key('base_zendesk__ticket', 'id') }}
),

with_household as (
    select raw_rows.*, tickets.household_id, tickets.household_state
    from raw_rows
    left join tickets on raw_rows.ticket_id = tickets.parent_key
)

{{ with_row_class('with_household', key=['ticket_id', 'tag'], has_own_date=false) }}
