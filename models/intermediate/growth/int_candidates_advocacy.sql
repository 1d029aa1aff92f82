with answers as (
    select household_id, max_by(nps_score, (responded_at, response_id)) as nps_score, max(survey_date) as survey_date
    from {{ ref('fct_nps_surveys') }}
    where nps_score is not null
    group by household_id
),

stepped as (
    select distinct household_id from {{ ref('int_growth_steps') }}
    where program = 'advocacy' and occurred_on > {{ as_of_date() }} - {{ var('advocacy_rest_days') }}
),

done as (
    select household_id, activity from {{ ref('stg_cs__advocacy_activities') }}
    union
    select referrer_household_id, 'referral' from {{ ref('fct_referrals') }} where not is_self_referral
),

achieved as (
    select distinct household_id from {{ ref('int_growth_achieved_criteria') }}
),

customers as (
    select today.household_id, today.mrr, today.health_score, answers.nps_score
    from {{ ref('int_growth_today') }} as today
    inner join answers on today.household_id = answers.household_id
    where
        answers.nps_score >= {{ var('promoter_score') }}
        and {{ as_of_date() }} - answers.survey_date < {{ var('nps_valid_days') }}
        and today.health_score >= {{ var('growth_min_health') }}
),

-- A webinar can be given again; the others once. A case study needs something that was achieved.
possible as (
    select customers.household_id, list(invitations.activity order by invitations.rule_order) as activities
    from customers
    cross join {{ ref('advocacy_invitations') }} as invitations
    left join done on customers.household_id = done.household_id and invitations.activity = done.activity
    left join achieved on customers.household_id = achieved.household_id
    where
        (not invitations.is_once or done.household_id is null)
        and (not invitations.needs_success or achieved.household_id is not null)
    group by customers.household_id
)

select
    customers.household_id,
    'advocacy' as program,
    'promoter' as reason,
    to_json({
        'nps_score': customers.nps_score, 'health_score': customers.health_score, 'activities': possible.activities
    }) as detail,
    possible.activities[1] as angle,
    cast(null as varchar) as offer,
    customers.mrr
from customers
inner join possible on customers.household_id = possible.household_id
anti join stepped on customers.household_id = stepped.household_id
