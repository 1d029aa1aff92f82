with csms as (
    select * from {{ ref('int_csms') }}
),

portfolios as (
    select owner_id, count(*) as current_portfolio
    from {{ ref('fct_csm_assignments') }}
    where owner_id is not null
    group by owner_id
)

select
    csms.owner_id,
    csms.full_name,
    csms.role,
    csms.specialization,
    csms.regions,
    csms.portfolio_size,
    coalesce(portfolios.current_portfolio, 0) as current_portfolio
from csms
left join portfolios on csms.owner_id = portfolios.owner_id
