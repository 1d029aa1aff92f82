with days as (
    select * from {{ ref('int_metric_days') }}
),

states as (
    select * from {{ ref('int_metric_household_states') }}
),

categories as (
    select * from {{ ref('nps_categories') }}
),

-- The last answer with a score counts; answers without a score are ignored.
last_answers as (
    select
        days.period_grain,
        days.period_start,
        answers.household_id,
        max_by(answers.nps_score, (answers.responded_at, answers.response_id)) filter (where answers.nps_score is not null)
            as nps_score
    from {{ ref('fct_nps_surveys') }} as answers
    inner join days on answers.survey_date = days.date_day
    group by days.period_grain, days.period_start, answers.household_id
),

nps as (
    select
        last_answers.period_grain,
        last_answers.period_start,
        last_answers.household_id,
        cast(categories.category is not null as integer) as nps_respondents,
        cast(coalesce(categories.category = 'Promoter', false) as integer) as nps_promoters,
        cast(coalesce(categories.category = 'Detractor', false) as integer) as nps_detractors,
        cast(categories.category is null as integer) as nps_unscored
    from last_answers
    left join categories on last_answers.nps_score between categories.min_score and categories.max_score
),

csat as (
    select
        days.period_grain,
        days.period_start,
        answers.household_id,
        count(answers.csat_score) as csat_answers,
        cast(sum(answers.csat_score) as bigint) as csat_points,
        cast(sum(answers.csat_score * answers.csat_score) as bigint) as csat_points_squared,
        count(*) - count(answers.csat_score) as csat_unscored
    from {{ ref('fct_csat_responses') }} as answers
    inner join days on cast(answers.responded_at as date) = days.date_day
    group by days.period_grain, days.period_start, answers.household_id
),

joined as (
    select *
    from nps
    full join csat using (period_grain, period_start, household_id)
)

select
    joined.period_grain,
    joined.period_start,
    periods.period_end,
    joined.household_id,
    states.plan_type,
    states.region,
    joined.nps_promoters - joined.nps_detractors as nps_balance,
    joined.* exclude (period_grain, period_start, household_id)
from joined
inner join {{ ref('int_metric_periods') }} as periods
    on joined.period_grain = periods.period_grain and joined.period_start = periods.period_start
inner join states on joined.household_id = states.household_id and periods.start_day = states.state_day
