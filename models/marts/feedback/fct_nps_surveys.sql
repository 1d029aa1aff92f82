with responses as (
    select * from {{ ref('stg_survey__response') }} where survey_type = 'NPS'
),

invitations as (
    select invitation_id, trigger from {{ ref('stg_survey__invitation') }}
),

categories as (
    select * from {{ ref('nps_categories') }}
)

select
    responses.response_id,
    responses.household_id,
    responses.user_id,
    responses.score as nps_score,
    categories.category as nps_category,
    responses.comment as nps_comment,
    cast(responses.responded_at as date) as survey_date,
    responses.responded_at,
    invitations.trigger
from responses
left join invitations on responses.invitation_id = invitations.invitation_id
left join categories on responses.score between categories.min_score and categories.max_score
