-- Question: how many households get from signup to paying, and at which step are they lost?
-- Grain: step of the funnel. Households whose first 90 days are complete; each step within those 90 days (active: in the
-- first 7). households: took the step, in any order; in_funnel: took it and all earlier steps.
-- Decisions: 41 (a trial is a step; its start is not an upgrade), 36 (a trial is not paying), 31 (churned households stay in).
{%- set days = 90 %}
{%- set first_days = 7 %}
{%- set events_are_known = source_is_present('product', 'events') | lower %}
{%- set billing_is_known = source_is_present('stripe', 'subscription_history') | lower %}

with signups as (
    select household_id, signup_date
    from {{ ref('dim_households') }}
    where signup_date + {{ days - 1 }} <= {{ as_of_date() }}
),

active_days as (
    select household_id, min(activity_date) as day from {{ ref('fct_household_daily') }} group by household_id
),

limit_hits as (
    select household_id, min(activity_date) as day
    from {{ ref('fct_household_activity') }}
    where event_type = 'limit_hit'
    group by household_id
),

trials as (
    select household_id, min(changed_at) as day from {{ ref('fct_subscription_changes') }}
    where change_type = 'trial_started'
    group by household_id
),

payments as (
    select household_id, min(valid_from) as day from {{ ref('int_household_plan_periods') }} where is_paying group by household_id
),

progress as (
    select
        {{ events_are_known }} and coalesce(active_days.day < signup_date + {{ first_days }}, false) as is_active,
        {{ events_are_known }} and coalesce(limit_hits.day < signup_date + {{ days }}, false) as hits_limit,
        {{ billing_is_known }} and coalesce(trials.day < signup_date + {{ days }}, false) as has_trial,
        {{ billing_is_known }} and coalesce(payments.day < signup_date + {{ days }}, false) as has_paid
    from signups
    left join active_days using (household_id)
    left join limit_hits using (household_id)
    left join trials using (household_id)
    left join payments using (household_id)
),

steps as (
    {%- set steps = [
        ('signed up', 'true', 'true'), ('active in the first 7 days', 'is_active', events_are_known),
        ('hit a limit', 'hits_limit', events_are_known), ('trial', 'has_trial', billing_is_known),
        ('paid', 'has_paid', billing_is_known),
    ] %}
    {%- set before = [] %}
    {%- for name, condition, known in steps %}
    {%- do before.append(condition) %}
    select
        {{ loop.index }} as step_number,
        '{{ name }}' as step,
        case when {{ known }} then count(*) filter (where {{ condition }}) end as households,
        case when {{ known }} then count(*) filter (where {{ before | join(' and ') }}) end as in_funnel
    from progress
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    step_number,
    step,
    households,
    in_funnel,
    lag(in_funnel) over (order by step_number) as in_funnel_before,
    first_value(households) over (order by step_number) as signed_up,
    {{ safe_ratio('households', 'first_value(households) over (order by step_number)') }} as households_rate,
    {{ safe_ratio('in_funnel', 'lag(in_funnel) over (order by step_number)') }} as step_rate,
    {{ safe_ratio('in_funnel', 'first_value(in_funnel) over (order by step_number)') }} as funnel_rate
from steps
order by step_number
