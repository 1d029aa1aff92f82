with companies as (
    select * from {{ ref('base_hubspot__company') }}
    where row_class = 'staged'
),

-- HubSpot shows only the present owner; who it was, and since when, is in the history where there is one.
changes as (
    select company_id, nullif(value, '') as owner_id, changed_at, row_class = 'later' as is_later
    from {{ ref('base_hubspot__company_property_history') }}
    where name = 'hubspot_owner_id' and row_class in ('staged', 'later')
),

turns as (
    select *
    from changes
    where not is_later
    qualify
        row_number() over (partition by company_id order by changed_at) = 1
        or owner_id is distinct from lag(owner_id) over (partition by company_id order by changed_at)
),

owners as (
    select
        changes.company_id,
        arg_max_null(turns.owner_id, turns.changed_at) as owner_id,
        max(turns.changed_at) as assigned_at
    from (select distinct company_id from changes) as changes
    left join turns on changes.company_id = turns.company_id
    group by changes.company_id
)

select
    companies.id as company_id,
    companies.household_id,
    case
        when owners.company_id is not null then owners.owner_id
        when companies.assigned_at >= {{ as_of_end() }} then null
        else companies.owner_id
    end as owner_id,
    case
        when owners.company_id is null then {{ known_at_as_of_date('companies.assigned_at') }}
        when owners.owner_id is not null then owners.assigned_at
    end as assigned_at,
    companies._fivetran_synced
from companies
left join owners on companies.id = owners.company_id
