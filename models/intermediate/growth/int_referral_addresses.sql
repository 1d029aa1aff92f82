-- Persons of each household by user and by address, in lower case and without a tag (`name+tag@domain`).
select distinct
    members.household_id,
    members.user_id,
    regexp_replace(lower(nullif(trim(users.email), '')), '[+][^@]*@', '@') as address,
    split_part(lower(nullif(trim(users.email), '')), '@', 2) as domain
from {{ ref('stg_app__household_members') }} as members
left join {{ ref('stg_app__users') }} as users on members.user_id = users.user_id
