-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_customer_touched_days') }}
-- depends_on: {{ ref('int_billing_touched_days') }}
-- depends_on: {{ ref('int_rule_touched_days') }}
{{ config(meta={'households': 'stg_app__households'}) }}

with households as (
    select household_id, signup_date, closed_date from {{ ref('int_household_signups') }}
),

score_dates as (
    select * from {{ ref('int_score_dates') }} where score_date >= {{ first_day() }}
),

plan_periods as (
    select * from {{ ref('int_household_plan_periods') }}
),

member_counts as (
    select household_id, valid_from, valid_until, member_count from {{ ref('int_household_member_counts') }}
),

signed_up as (
    select households.household_id, households.signup_date, score_dates.*
    from score_dates
    inner join households
        on
            score_dates.score_date >= households.signup_date
            and score_dates.score_date < {{ open_end('households.closed_date') }}
),

churned as (
    select spells.household_id, score_dates.score_date
    from {{ ref('int_household_churn_spells') }} as spells
    inner join score_dates
        on
            score_dates.score_date >= spells.churned_at
            and score_dates.score_date < {{ open_end('spells.reactivated_at') }}
),

customers as (
    select signed_up.*
    from signed_up
    anti join churned on signed_up.household_id = churned.household_id and signed_up.score_date = churned.score_date
)

select
    customers.household_id,
    customers.score_date,
    customers.is_current,
    customers.previous_score_date,
    customers.trend_score_date,
    customers.signup_date,
    customers.score_date - customers.signup_date as days_since_signup,
    {{ count_or_unknown('member_counts.member_count', 'app', 'household_members') }} as member_count,
    plan_periods.plan_type,
    plan_periods.plan_rank,
    plan_periods.is_in_force,
    plan_periods.is_paying,
    plan_periods.mrr,
    year_ago.mrr as mrr_365d_ago
from customers
left join member_counts
    on
        customers.household_id = member_counts.household_id
        and customers.score_date >= member_counts.valid_from
        and customers.score_date < {{ open_end('member_counts.valid_until') }}
left join plan_periods
    on
        customers.household_id = plan_periods.household_id
        and customers.score_date >= plan_periods.valid_from
        and customers.score_date < {{ open_end('plan_periods.valid_until') }}
left join plan_periods as year_ago
    on
        customers.household_id = year_ago.household_id
        and customers.score_date - 365 >= year_ago.valid_from
        and customers.score_date - 365 < {{ open_end('year_ago.valid_until') }}
order by score_date
