{{ config(materialized='table') }}

with landed as (
    {{ raw_rows('hubspot', 'contact', key=['id'], own_date='created_at') }}
),

-- A contact that was merged into another one is gone: it has become that one.
raw_rows as (
    select
        landed.* replace (landed.was_deleted or survivors.contact_id is not null as was_deleted),
        survivors.contact_id is not null as is_merged
    from landed
    left join {{ ref('base_hubspot__contact_survivors') }} as survivors on landed.id = survivors.contact_id
),

companies as (
    {{ households_by_key('base_hubspot__company', 'id') }}
),

-- Of the companies of a contact the one that the CRM calls its company, else the one with the lowest id.
listed as (
    select links.contact_id, min(links.company_id) as company_id
    from {{ ref('base_hubspot__contact_company') }} as links
    inner join companies on links.company_id = companies.parent_key
    where links.row_class = 'staged' and companies.household_state = 'known'
    group by links.contact_id
),

with_household as (
    select
        raw_rows.* replace (
            case when own.household_state = 'known' then raw_rows.company_id else coalesce(listed.company_id, raw_rows.company_id) end
                as company_id
        ),
        case when own.household_state = 'known' or listed.company_id is null then own.household_id else other.household_id end
            as household_id,
        case when own.household_state = 'known' or listed.company_id is null then own.household_state else 'known' end
            as household_state
    from raw_rows
    left join companies as own on raw_rows.company_id = own.parent_key
    left join listed on raw_rows.id = listed.contact_id
    left join companies as other on listed.company_id = other.parent_key
),

classified as (
    {{ with_row_class('with_household', key=['id'], ends=[('created_at', 'left_at')], is_referred_to=true) }}
)

select * exclude (is_merged) replace (is_readable and not is_merged as is_readable) from classified
