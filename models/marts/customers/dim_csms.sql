with owners as (
    select * from {{ ref('stg_hubspot__owner') }} where not is_deleted
),

portfolios as (
    select companies.owner_id, count(distinct companies.household_id) as current_portfolio
    from {{ ref('stg_hubspot__company') }} as companies
    inner join {{ ref('int_households') }} as households
        on companies.household_id = households.household_id and households.is_active
    where companies.owner_id is not null
    group by companies.owner_id
)

select
    owners.owner_id,
    owners.full_name,
    owners.role,
    owners.specialization,
    owners.regions,
    owners.portfolio_size,
    {{ count_or_unknown('portfolios.current_portfolio', 'hubspot', 'company') }} as current_portfolio
from owners
left join portfolios on owners.owner_id = portfolios.owner_id
