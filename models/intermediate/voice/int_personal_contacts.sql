-- What a person of the company did for a household. An automated e-mail is none.
select household_id, occurred_at as contacted_at
from {{ ref('int_crm_engagement') }}
where
    household_id is not null
    and (engagement_type, engagement_event) in (('call', 'held'), ('meeting', 'held'), ('outreach', 'sent'))
union
select household_id, check_in_at from {{ ref('stg_cs__check_ins') }} where initiated_by = 'csm'
union
select comments.household_id, comments.created_at
from {{ ref('stg_zendesk__ticket_comment') }} as comments
semi join {{ ref('int_desk_staff') }} as staff on comments.desk_user_id = staff.desk_user_id
where comments.is_public and comments.household_id is not null
union
select household_id, occurred_at
from {{ ref('stg_cs__deliveries') }}
where is_person and status = 'done' and household_id is not null
