-- Opportunities are evaluated from signup on, so that their ids do not depend on the length of the published history.
-- Customers follow from signups and churns here: by way of int_customer_periods the longest chain would be a model longer.
with households as (
    select household_id, signup_date, closed_date from {{ ref('int_household_signups') }}
),

sundays as (
    select date_day as score_date from {{ ref('dim_dates') }} where date_day = week_end
),

signed_up as (
    select households.household_id, households.signup_date, sundays.score_date
    from sundays
    inner join households
        on
            sundays.score_date >= households.signup_date
            and sundays.score_date < {{ open_end('households.closed_date') }}
),

churned as (
    select spells.household_id, sundays.score_date
    from {{ ref('int_household_churn_spells') }} as spells
    inner join sundays
        on sundays.score_date >= spells.churned_at and sundays.score_date < {{ open_end('spells.reactivated_at') }}
),

customers as (
    select * from signed_up anti join churned using (household_id, score_date)
),

member_counts as (
    select household_id, valid_from, member_count from {{ ref('int_household_member_counts') }}
),

plan_periods as (
    select * from {{ ref('int_household_plan_periods') }}
)

select
    customers.household_id,
    customers.score_date,
    customers.score_date - customers.signup_date as days_since_signup,
    {{ count_or_unknown('members.member_count', 'app', 'household_members') }} as member_count,
    {{ count_or_unknown('before.member_count', 'app', 'household_members') }} as members_90d_ago,
    plan_periods.plan_type,
    plan_periods.plan_rank,
    plan_periods.mrr,
    plan_periods.seats
from customers
asof left join member_counts as members
    on customers.household_id = members.household_id and customers.score_date >= members.valid_from
asof left join member_counts as before
    on customers.household_id = before.household_id and customers.score_date - 90 >= before.valid_from
asof left join plan_periods
    on customers.household_id = plan_periods.household_id and customers.score_date >= plan_periods.valid_from
