{%- set lapse = 'interval ' ~ var('loop_lapse_days') ~ ' day' -%}
with feedback as (
    select 'nps' as origin, response_id as origin_id, household_id, nps_score as score, responded_at as opened_at
    from {{ ref('fct_nps_surveys') }}
    union all
    select 'csat', response_id, household_id, csat_score, responded_at from {{ ref('fct_csat_responses') }}
    union all
    select 'review', review_id, household_id, cast(rating as integer), submitted_at from {{ ref('stg_cs__reviews') }}
),

churns as (
    select household_id, churned_at from {{ ref('int_household_churn_spells') }}
),

-- A churn on the day of the answer comes first too: its moment is unknown.
opened as (
    select
        feedback.*,
        rules.kind,
        feedback.opened_at + to_hours(rules.due_hours) as due_at,
        least(feedback.opened_at + {{ lapse }}, coalesce(cast(churns.churned_at as timestamp), feedback.opened_at + {{ lapse }}))
            as lapses_at
    from feedback
    inner join {{ ref('feedback_loop_rules') }} as rules
        on feedback.origin = rules.origin and feedback.score between rules.min_score and rules.max_score
    asof left join churns
        on feedback.household_id = churns.household_id and cast(feedback.opened_at as date) <= churns.churned_at
),

contacts as (
    select household_id, contacted_at from {{ ref('int_personal_contacts') }}
),

-- Without a company in the CRM and an organisation at the desk, a follow-up would leave no trace.
observable as (
    select household_id from {{ ref('stg_hubspot__company') }}
    union
    select household_id from {{ ref('stg_zendesk__organization') }} where not is_deleted
),

followed as (
    select
        opened.*,
        case when contacts.contacted_at < opened.lapses_at then contacts.contacted_at end as followed_up_at,
        observable.household_id is not null as is_observable
    from opened
    asof left join contacts
        on opened.household_id = contacts.household_id and opened.opened_at < contacts.contacted_at
    left join observable on opened.household_id = observable.household_id
)

select
    md5(concat_ws('|', origin, origin_id)) as loop_id,
    household_id,
    kind,
    origin,
    origin_id,
    cast(score as integer) as score,
    opened_at,
    due_at,
    is_observable,
    followed_up_at,
    {{ hours_between('opened_at', 'followed_up_at') }} as hours_to_follow_up,
    case
        when followed_up_at <= due_at then 'on_time'
        when followed_up_at is not null then 'late'
        when not is_observable then 'unobservable'
        when lapses_at <= {{ as_of_end() }} then 'lapsed'
        when due_at >= {{ as_of_end() }} then 'open'
        else 'overdue'
    end as status,
    kind = 'resolution' and status in ('open', 'overdue') as is_red_alert
from followed
