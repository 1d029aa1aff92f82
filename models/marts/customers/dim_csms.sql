with owners as (
    select * from {{ ref('stg_hubspot__owner') }}
),

portfolios as (
    select owner_id, count(distinct household_id) as current_portfolio
    from {{ ref('stg_hubspot__company') }}
    where owner_id is not null
    group by owner_id
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
