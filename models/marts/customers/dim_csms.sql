with owners as (
    select *, lower(nullif(trim(email), '')) as address from {{ ref('stg_hubspot__owner') }} where not is_deleted
),

csms as (
    select * from {{ ref('stg_cs__csms') }}
),

portfolios as (
    select companies.owner_id, count(distinct companies.household_id) as current_portfolio
    from {{ ref('stg_hubspot__company') }} as companies
    inner join {{ ref('int_households') }} as households
        on companies.household_id = households.household_id and households.is_active
    where companies.owner_id is not null
    group by companies.owner_id
)

-- What the CRM does not know of a manager the company may say in a table of its own.
select
    owners.owner_id,
    owners.full_name,
    {%- for column in ['role', 'specialization', 'regions', 'portfolio_size'] %}
    coalesce(csms.{{ column }}, owners.{{ column }}) as {{ column }},
    {%- endfor %}
    {{ count_or_unknown('portfolios.current_portfolio', 'hubspot', 'company') }} as current_portfolio
from owners
left join csms on owners.address = csms.email
left join portfolios on owners.owner_id = portfolios.owner_id
