-- The person who is asked: the requester of the ticket, else the owner, each only while a member.
with occurrences as (
    select distinct household_id, case when trigger = 'ticket_solved' then subject_id end as ticket_id, due_on
    from {{ ref('int_survey_occurrences') }}
),

requesters as (
    select tickets.ticket_id, users.user_id
    from {{ ref('stg_zendesk__ticket') }} as tickets
    inner join {{ ref('stg_zendesk__user') }} as users on tickets.requester_id = users.desk_user_id
),

owners as (
    select household_id, owner_user_id as user_id from {{ ref('stg_app__households') }}
),

candidates as (
    select occurrences.*, requesters.user_id, 1 as preference
    from occurrences
    inner join requesters on occurrences.ticket_id = requesters.ticket_id
    union all
    select occurrences.*, owners.user_id, 2
    from occurrences
    inner join owners on occurrences.household_id = owners.household_id
)

select
    candidates.household_id,
    candidates.ticket_id,
    candidates.due_on,
    min_by(candidates.user_id, candidates.preference) as user_id
from candidates
semi join {{ ref('int_member_spells') }} as members
    on
        candidates.household_id = members.household_id
        and candidates.user_id = members.user_id
        and candidates.due_on >= members.member_from
        and candidates.due_on < {{ open_end('members.member_until') }}
group by candidates.household_id, candidates.ticket_id, candidates.due_on
