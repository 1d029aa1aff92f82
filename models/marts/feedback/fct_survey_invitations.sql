with invitations as (
    select * from {{ ref('stg_survey__invitation') }}
),

responses as (
    select invitation_id, min(responded_at) as responded_at
    from {{ ref('stg_survey__response') }}
    where invitation_id is not null
    group by invitation_id
)

select
    invitations.invitation_id,
    invitations.survey_type,
    invitations.household_id,
    invitations.user_id,
    invitations.trigger,
    invitations.channel,
    invitations.sent_at,
    responses.responded_at,
    responses.invitation_id is not null as is_responded
from invitations
left join responses on invitations.invitation_id = responses.invitation_id
