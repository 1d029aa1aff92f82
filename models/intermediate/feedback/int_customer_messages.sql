with staff as (
    select desk_user_id from {{ ref('int_desk_staff') }}
),

ticket_comments as (
    select
        'ticket_comment:' || comments.comment_id as message_id,
        comments.household_id,
        'ticket' as channel,
        comments.created_at,
        comments.body as message_text
    from {{ ref('stg_zendesk__ticket_comment') }} as comments
    anti join staff on comments.desk_user_id = staff.desk_user_id
    where comments.is_public and comments.household_id is not null
),

-- A survey answer without text is not a comment.
survey_comments as (
    select
        'survey_response:' || response_id as message_id,
        household_id,
        'survey' as channel,
        responded_at as created_at,
        comment as message_text
    from {{ ref('stg_survey__response') }}
    where trim(comment) <> ''
)

select * from ticket_comments
union all
select * from survey_comments
