{{ config(materialized='table') }}

-- Domains at which only the members of one household have e-mail addresses, today. Public domains belong to nobody.
with addresses as (
    select id as user_id, nullif(regexp_extract(lower(trim(email)), '@([^@]+)$', 1), '') as domain
    from {{ ref('base_app__users') }}
    where row_class = 'staged' and {{ var('link_by_domain') | lower }}
),

members as (
    select user_id, household_id
    from {{ ref('base_app__household_members') }}
    where row_class = 'staged' and coalesce(left_at >= {{ as_of_end() }}, true)
)

select addresses.domain, min(members.household_id) as household_id
from addresses
inner join members on addresses.user_id = members.user_id
anti join {{ ref('public_email_domains') }} as public_domains on addresses.domain = public_domains.domain
where addresses.domain is not null
group by addresses.domain
having count(distinct members.household_id) = 1
