with members as (
    select member_id, household_id, user_id from {{ ref('stg_app__household_members') }}
),

users as (
    select user_id, full_name, email from {{ ref('stg_app__users') }}
)

select
    members.member_id,
    members.household_id,
    members.user_id,
    users.full_name,
    users.email
from members
left join users on members.user_id = users.user_id
