{{ config(materialized='table') }}

-- The households of which the app user of a desk user is or was a member.
with desk_users as (
    select id as desk_user_id, external_id, lower(nullif(trim(email), '')) as email
    from {{ ref('base_zendesk__user') }}
    where is_readable
),

app_users as (
    select id as user_id, lower(nullif(trim(email), '')) as email
    from {{ ref('base_app__users') }}
    where row_class = 'staged'
),

links as (
    select desk_user_id, external_id as user_id, 1 as link_order from desk_users
    {%- if var('link_by_email') %}
    union
    select desk_users.desk_user_id, app_users.user_id, 2
    from desk_users
    inner join app_users on desk_users.email = app_users.email
    {%- endif %}
),

-- A member of an erased household leads to no other one.
members as (
    select
        id as member_id,
        user_id,
        household_id,
        case when row_class = 'erased' then 'erased' else 'known' end as household_state,
        cast(joined_at as date) as joined_date,
        cast(left_at as date) as left_date,
        role
    from {{ ref('base_app__household_members') }}
    where row_class in ('staged', 'erased')
),

owners as (
    select id as household_id, owner_user_id from {{ ref('base_app__households') }} where row_class = 'staged'
)

select
    links.desk_user_id,
    links.user_id,
    links.link_order,
    members.member_id,
    members.household_id,
    members.household_state,
    members.joined_date,
    members.left_date,
    coalesce(members.role = 'owner' or owners.owner_user_id = members.user_id, false) as is_owner
from links
inner join members on links.user_id = members.user_id
left join owners on members.household_id = owners.household_id
