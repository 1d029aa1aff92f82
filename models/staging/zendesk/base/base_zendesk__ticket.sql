{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('zendesk', 'ticket', key=['id'], own_date='created_at') }}
),

organizations as (
    {{ households_by_key('base_zendesk__organization', 'id', is_referred_to=true) }}
),

requesters as (
    select id as requester_id, organization_id as requester_organization_id
    from {{ ref('base_zendesk__user') }}
    where is_readable
),

-- The household comes from the ticket's organisation, else from the requester's.
with_household as (
    select raw_rows.*, organizations.household_id, organizations.household_state
    from raw_rows
    left join requesters on raw_rows.requester_id = requesters.requester_id
    left join organizations
        on coalesce(raw_rows.organization_id, requesters.requester_organization_id) = organizations.parent_key
)

{{ with_row_class('with_household', key=['id'], status=('status', var('zendesk_ticket_statuses'))) }}
