-- depends_on: {{ ref('int_feedback_touched_days') }}
-- depends_on: {{ ref('int_support_touched_days') }}
with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 90
),

tickets as (
    select ticket_id, cast(created_at as date) as created_date from {{ ref('stg_zendesk__ticket') }}
),

classified as (
    select ticket_id, valid_from, is_merged from {{ ref('int_tickets_classified') }}
),

ratings as (
    select
        ratings.household_id,
        ratings.ticket_id,
        ratings.csat_score,
        cast(ratings.responded_at as date) as responded_date,
        tickets.created_date
    from {{ ref('fct_csat_responses') }} as ratings
    left join tickets on ratings.ticket_id = tickets.ticket_id
    where ratings.csat_score is not null
),

-- The latest answer with a score counts; answers without a score are ignored.
nps as (
    select
        household_id,
        survey_date,
        max_by(nps_score, (responded_at, response_id)) as nps_score,
        least(
            lead(survey_date, 1, date '9999-12-31') over (partition by household_id order by survey_date),
            survey_date + {{ var('nps_valid_days') }}
        ) as valid_until
    from {{ ref('fct_nps_surveys') }}
    where nps_score is not null
    group by household_id, survey_date
),

csat as (
    select
        ratings.household_id,
        windows.score_date,
        avg(ratings.csat_score) filter (where windows.days_before < 30) as mean_csat_30,
        avg(ratings.csat_score) as mean_csat_90,
        avg(ratings.csat_score) filter (where windows.score_date - ratings.created_date < 30 and not classified.is_merged)
            as mean_csat_of_tickets_30
    from ratings
    inner join windows on ratings.responded_date = windows.activity_date
    asof left join classified on ratings.ticket_id = classified.ticket_id and windows.score_date >= classified.valid_from
    group by ratings.household_id, windows.score_date
)

select
    customers.household_id,
    customers.score_date,
    csat.mean_csat_30,
    csat.mean_csat_90,
    csat.mean_csat_of_tickets_30,
    nps.nps_score
from customers
left join csat on customers.household_id = csat.household_id and customers.score_date = csat.score_date
left join nps
    on
        customers.household_id = nps.household_id
        and customers.score_date >= nps.survey_date
        and customers.score_date < nps.valid_until
order by score_date
