{{ config(materialized='table') }}

with landed as (
    {{ raw_rows('zendesk', 'ticket', key=['id'], own_date='created_at') }}
),

raw_rows as (
    select
        * replace (was_deleted or coalesce(status = 'deleted', false) as was_deleted),
        cast(created_at as date) as created_date
    from landed
),

organizations as (
    {{ households_by_key('base_zendesk__organization', 'id', is_referred_to=true) }}
),

organization_homes as (
    select parent_key, struct_pack(household_id := household_id, household_state := household_state) as home
    from organizations
    where household_state <> 'unknown'
),

requesters as (
    select id as requester_id, organization_id from {{ ref('base_zendesk__user') }} where is_readable
),

-- Of several households of which the requester was a member on that day: the one that it owned, then the lowest id.
member_homes as (
    select
        asked.requester_id,
        asked.created_date,
        min_by(
            struct_pack(
                household_id := case when spells.household_state = 'known' then spells.household_id end,
                household_state := spells.household_state
            ),
            (spells.link_order, not spells.is_owner, spells.household_id)
        ) as home
    from (select distinct requester_id, created_date from raw_rows) as asked
    inner join {{ ref('base_zendesk__user_households') }} as spells
        on
            asked.requester_id = spells.desk_user_id
            and asked.created_date >= spells.joined_date
            and asked.created_date < {{ open_end('spells.left_date') }}
    group by asked.requester_id, asked.created_date
),

-- The ticket's organisation comes first, then the requester's app user, then the requester's organisation.
homes as (
    select
        raw_rows.* exclude (created_date),
        coalesce(of_ticket.home, member_homes.home, of_requester.home) as home
    from raw_rows
    left join requesters on raw_rows.requester_id = requesters.requester_id
    left join organization_homes as of_ticket on raw_rows.organization_id = of_ticket.parent_key
    left join organization_homes as of_requester on requesters.organization_id = of_requester.parent_key
    left join member_homes
        on raw_rows.requester_id = member_homes.requester_id and raw_rows.created_date = member_homes.created_date
),

with_household as (
    select * exclude (home), home.household_id, coalesce(home.household_state, 'unknown') as household_state from homes
)

{{ with_row_class(
    'with_household',
    key=['id'],
    status=('status', var('zendesk_ticket_statuses')),
    other={'bad_value': is_unknown_priority('priority')}
) }}
