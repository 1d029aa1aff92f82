with owners as (
    select *, lower(nullif(trim(email), '')) as address from {{ ref('stg_hubspot__owner') }} where not is_deleted
),

csms as (
    select * from {{ ref('stg_cs__csms') }}
)

-- What the CRM does not know of a manager the company may say in a table of its own.
select
    owners.owner_id,
    owners.full_name,
    {%- for column in ['role', 'specialization', 'regions', 'portfolio_size'] %}
    coalesce(csms.{{ column }}, owners.{{ column }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from owners
left join csms on owners.address = csms.email
