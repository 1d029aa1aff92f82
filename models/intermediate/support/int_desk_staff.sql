-- Which tickets were assigned to whom is read from all rows by as_of_date, also those of tickets without household: the base
-- models belong to the data platform.
{{ config(group='data_platform') }}

with desk_users as (
    select
        desk_user_id,
        coalesce(role in ('agent', 'admin'), false) as is_agent,
        is_deleted,
        nullif(regexp_extract(lower(trim(email)), '@([^@]+)$', 1), '') as domain
    from {{ ref('stg_zendesk__user') }}
),

assignees as (
    select assignee_id as desk_user_id
    from {{ ref('base_zendesk__ticket') }}
    where row_class <> 'later'
    union
    select value
    from {{ ref('base_zendesk__ticket_field_history') }}
    where field_name = 'assignee_id' and row_class <> 'later'
),

-- Those who have left the desk wrote from its domain. A public domain belongs to nobody.
staff_domains as (
    select distinct desk_users.domain
    from desk_users
    anti join {{ ref('public_email_domains') }} as public_domains on desk_users.domain = public_domains.domain
    where desk_users.is_agent and not desk_users.is_deleted and desk_users.domain is not null
)

select desk_user_id from desk_users where is_agent
union
select desk_user_id from assignees where desk_user_id <> ''
union
select desk_users.desk_user_id
from desk_users
inner join staff_domains on desk_users.domain = staff_domains.domain
