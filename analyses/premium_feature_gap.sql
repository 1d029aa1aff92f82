-- Question: which premium features were unused by households that later downgraded from Premium to Free?
-- Grain: premium feature. Downgraders: paying changes from Premium to Free whose next 60 days are complete. Stayers:
-- households that paid for Premium on the middle downgrade day of a month and on each of the 60 days after it, weighted
-- by the downgraders of the month (n counts household-months). Use: in the 60 days before that day.
-- Decisions: 36 and 41 (a trial's end is no downgrade), 23 (uses at their own grain). The mart rpt_premium_feature_gap
-- adds intervals, downgrade_outcomes.sql shows the outcomes of the downgraders.
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

-- The middle downgrade day of each month; a household is one observation per month.
months as (
    select month_start, quantile_disc(day, 0.5) as day, count(*) as weight from changes group by month_start
),

stayers as (
    select month_start, household_id, day
    from months
    inner join paying_periods on valid_from <= day + {{ days }} and valid_until > day
    group by month_start, household_id, day
    having sum(least(valid_until, day + {{ days + 1 }}) - greatest(valid_from, day)) = {{ days + 1 }}
),

subjects as (
    select 'downgraders' as cohort, month_start, household_id, day from changes
    union all
    select 'stayers', month_start, household_id, day from stayers
),

uses as (
    select subjects.*, features.feature_name, count(used.event_id) as uses
    from subjects
    inner join {{ ref('dim_features') }} as features on features.tier = 'premium'
    left join {{ ref('fct_feature_usage') }} as used
        on
            subjects.household_id = used.household_id
            and features.feature_name = used.feature_name
            and cast(used.used_at as date) between subjects.day - {{ days }} and subjects.day - 1
    group by all
),

by_month as (
    select cohort, month_start, feature_name, count(*) as n, count(*) filter (where uses > 0) as users, sum(uses) as uses
    from uses
    group by cohort, month_start, feature_name
),

weighted as (
    select
        cohort, feature_name, sum(n) as n, sum(users) as users,
        sum(weight * users / n) / sum(weight) as users_rate,
        30.0 / {{ days }} * sum(weight * uses / n) / sum(weight) as uses_per_month
    from by_month
    inner join months using (month_start)
    group by cohort, feature_name
)

select
    downgraders.feature_name,
    {%- for cohort in ['downgraders', 'stayers'] %}
    {{ cohort }}.n as {{ cohort }},
    {{ cohort }}.users as {{ cohort }}_using,
    {{ cohort }}.users_rate as {{ cohort }}_using_rate,
    {{ cohort }}.uses_per_month as {{ cohort }}_uses_per_month,
    {%- endfor %}
    stayers.users_rate - downgraders.users_rate as gap
from weighted as downgraders
left join weighted as stayers on downgraders.feature_name = stayers.feature_name and stayers.cohort = 'stayers'
where downgraders.cohort = 'downgraders'
order by gap desc nulls last, feature_name asc
