{{ config(materialized='table') }}

with companies as (
    {{ households_by_key('base_hubspot__company', 'id') }}
),

contacts as (
    select id as contact_id, company_id, household_id, buying_role from {{ ref('base_hubspot__contact') }} where is_readable
),

-- Of several companies the one with a household and the lowest id.
of_companies as (
    select
        links.engagement_id,
        min_by(
            struct_pack(
                company_id := links.company_id,
                household_id := companies.household_id,
                household_state := companies.household_state
            ),
            (companies.household_state <> 'known', companies.household_state = 'unknown', links.company_id)
        ) as home
    from {{ ref('base_hubspot__engagement_company') }} as links
    inner join companies on links.company_id = companies.parent_key
    where links.row_class = 'staged'
    group by links.engagement_id
),

-- Of several contacts an executive, then the one with the lowest id; a merged one is the one that it has become.
of_contacts as (
    select
        links.engagement_id,
        min_by(contacts, (contacts.buying_role is distinct from 'executive', contacts.contact_id)) as person
    from {{ ref('base_hubspot__engagement_contact') }} as links
    left join {{ ref('base_hubspot__contact_survivors') }} as survivors on links.contact_id = survivors.contact_id
    inner join contacts on coalesce(survivors.surviving_contact_id, links.contact_id) = contacts.contact_id
    where links.row_class = 'staged'
    group by links.engagement_id
),

joined as (
    select
        engagement_id,
        of_contacts.person.contact_id as contact_id,
        case
            when of_contacts.person is not null and coalesce(of_companies.home.household_state in ('unknown', 'later'), true)
                then struct_pack(
                    company_id := of_contacts.person.company_id,
                    household_id := of_contacts.person.household_id,
                    household_state := 'known'
                )
            else of_companies.home
        end as home
    from of_companies
    full join of_contacts using (engagement_id)
)

select engagement_id, contact_id, home.company_id, home.household_id, home.household_state from joined
