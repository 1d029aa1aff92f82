-- Persons of each household by user and by address, in lower case and without a tag (`name+tag@domain`). What lacks a name or a
-- domain is no address: nobody else can be recognised by it.
with users as (
    select
        user_id,
        split_part(regexp_extract(lower(trim(email)), '^(.*)@', 1), '+', 1) as mailbox,
        regexp_extract(lower(trim(email)), '@([^@]*)$', 1) as domain
    from {{ ref('stg_app__users') }}
)

select distinct
    members.household_id,
    members.user_id,
    case when users.mailbox <> '' and users.domain <> '' then users.mailbox || '@' || users.domain end as address,
    case when users.mailbox <> '' and users.domain <> '' then users.domain end as domain
from {{ ref('stg_app__household_members') }} as members
left join users on members.user_id = users.user_id
