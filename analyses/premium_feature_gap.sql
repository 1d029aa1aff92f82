-- Question: which premium features were unused by households that later downgraded from Premium to Free?
-- Grain: premium feature. Downgraders: paying changes from Premium to Free whose next 60 days are complete. Stayers:
-- households that paid for Premium on the middle downgrade day of a month and on each of the 60 days after it, weighted
-- by the downgraders of the month (n counts household-months). Use: in the 60 days before that day.
-- Decisions: 36 and 41 (a trial's end is no downgrade), 23 (uses at their own grain). The mart rpt_premium_feature_gap
-- adds intervals,
-- downgrade_outcomes.sql shows the outcomes of the downgraders.
{%- set days = 60 %}

with changes as (
    select household_id, changed_at as day, cast({{ dbt.date_trunc('month', 'changed_at') }} as date) as month_start
    from {{ ref('fct_subscription_changes') }}
    where change_type = 'Premium_to_Free' and changed_at + {{ days }} <= {{ as_of_date() }}
),

paying_periods as (
    select household_id, valid_from, {{ open_end('valid_until') }} as valid_until
    from {{ ref('int_household_plan_periods') }}
    where plan_type = 'Premium' and is_paying
),

features as (
    select feature_name from {{ ref('dim_features') }} where tier = 'premium'
),

-- The middle downgrade day of each month; a household is one observation per month.
months as (
    select month_start, quantile_disc(day, 0.5) as day, count(*) as weight from changes group by month_start
),

days_paid as (
    select
        months.month_start,
        months.day,
        periods.household_id,
        sum(least(periods.valid_until, months.day + {{ days + 1 }}) - greatest(periods.valid_from, months.day)) as paid
    from months
    inner join paying_periods as periods
        on periods.valid_from <= months.day + {{ days }} and periods.valid_until > months.day
    group by months.month_start, months.day, periods.household_id
),

subjects as (
    select 'downgraders' as cohort, month_start, household_id, day from changes
    union all
    select 'stayers', month_start, household_id, day from days_paid where paid = {{ days + 1 }}
),

uses as (
    select
        subjects.cohort,
        subjects.month_start,
        subjects.household_id,
        subjects.day,
        features.feature_name,
        count(used.event_id) as uses
    from subjects
    cross join features
    left join {{ ref('fct_feature_usage') }} as used
        on
            subjects.household_id = used.household_id
            and features.feature_name = used.feature_name
            and cast(used.used_at as date) between subjects.day - {{ days }} and subjects.day - 1
    group by all
),

by_month as (
    select
        cohort, month_start, feature_name, count(*) as n, count(*) filter (where uses > 0) as users, sum(uses) as uses
    from uses
    group by cohort, month_start, feature_name
),

weighted as (
    select
        by_month.cohort,
        by_month.feature_name,
        sum(by_month.n) as n,
        sum(by_month.users) as users,
        sum(months.weight * by_month.users / by_month.n) / sum(months.weight) as users_rate,
        30.0 / {{ days }} * sum(months.weight * by_month.uses / by_month.n) / sum(months.weight) as uses_per_month
    from by_month
    inner join months on by_month.month_start = months.month_start
    group by by_month.cohort, by_month.feature_name
),

final as (
    select
        features.feature_name,
        downgraders.n as downgraders,
        downgraders.users as downgraders_using,
        downgraders.users_rate as downgraders_using_rate,
        downgraders.uses_per_month as downgraders_uses_per_month,
        stayers.n as stayers,
        stayers.users as stayers_using,
        stayers.users_rate as stayers_using_rate,
        stayers.uses_per_month as stayers_uses_per_month,
        stayers.users_rate - downgraders.users_rate as gap
    from features
    inner join weighted as downgraders
        on features.feature_name = downgraders.feature_name and downgraders.cohort = 'downgraders'
    left join weighted as stayers on features.feature_name = stayers.feature_name and stayers.cohort = 'stayers'
)

select * from final
order by gap desc nulls last, feature_name asc
