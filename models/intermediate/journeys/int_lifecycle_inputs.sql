-- What the rules of the lifecycle look at: customers on the score dates of the published history.
with customers as (
    select customers.household_id, customers.score_date, customers.signup_date, customers.days_since_signup
    from {{ ref('int_household_score_dates') }} as customers
    semi join {{ ref('int_lifecycle_dates') }} as dates on customers.score_date = dates.score_date
),

periods as (
    select household_id, household_number, period_from from {{ ref('int_customer_periods') }}
),

plan_periods as (
    select household_id, valid_from, is_trialing from {{ ref('int_household_plan_periods') }}
),

progress as (
    select household_id, day, max(max(progress)) over (
        partition by household_id order by day rows between unbounded preceding and current row
    ) as progress
    from {{ ref('int_onboarding_progress') }}
    group by household_id, day
)

select
    periods.household_number,
    customers.score_date,
    periods.period_from,
    periods.period_from > customers.signup_date as is_return,
    customers.days_since_signup,
    cast(health.{{ var('primary_health_model') }} as smallint) as health,
    -- Without any login the household has been silent since signup.
    {% if activity_is_known() -%}
    cast(coalesce(activity.days_since_last_login, customers.days_since_signup) as smallint)
    {%- else -%}
    cast(null as smallint)
    {%- endif %} as login_days,
    cast({{ count_or_unknown('open_work.tickets', 'zendesk', 'ticket') }} as smallint) as tickets,
    cast(surveys.nps_score as smallint) as nps,
    plan_periods.is_trialing,
    cast(progress.progress as float) as progress,
    cast(open_work.renewal_days as smallint) as renewal_days,
    cast(coalesce(open_work.opportunities, 0) as smallint) as opportunities,
    overrides.override_stage
from customers
asof inner join periods
    on customers.household_id = periods.household_id and customers.score_date >= periods.period_from
inner join {{ ref('int_health_overall') }} as health
    on customers.household_id = health.household_id and customers.score_date = health.score_date
inner join {{ ref('int_activity_at_score_dates') }} as activity
    on customers.household_id = activity.household_id and customers.score_date = activity.score_date
inner join {{ ref('int_surveys_at_score_dates') }} as surveys
    on customers.household_id = surveys.household_id and customers.score_date = surveys.score_date
left join {{ ref('int_lifecycle_open_work') }} as open_work
    on customers.household_id = open_work.household_id and customers.score_date = open_work.score_date
asof left join plan_periods
    on customers.household_id = plan_periods.household_id and customers.score_date >= plan_periods.valid_from
asof left join progress on customers.household_id = progress.household_id and customers.score_date >= progress.day
left join {{ ref('int_lifecycle_overrides') }} as overrides
    on customers.household_id = overrides.household_id and customers.score_date = overrides.sunday
order by score_date
