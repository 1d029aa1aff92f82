with households as (
    select
        household_id,
        region,
        signup_date,
        closed_date,
        {{ household_number() }} as household_number
    from {{ ref('int_household_signups') }}
),

days as (
    select start_day as state_day from {{ ref('int_metric_periods') }}
    union
    select end_day from {{ ref('int_metric_periods') }}
),

spells as (
    select household_id, churned_at, reactivated_at from {{ ref('int_household_churn_spells') }}
),

free_plan as (
    select plan_type, plan_rank from {{ ref('plans') }} where plan_rank = 0
),

household_days as (
    select households.*, days.state_day
    from households
    cross join days
),

churned as (
    select days.state_day, spells.household_id
    from spells
    inner join days on days.state_day >= spells.churned_at and days.state_day < {{ open_end('spells.reactivated_at') }}
),

described as (
    select
        household_days.state_day,
        household_days.household_id,
        household_days.household_number,
        household_days.region,
        household_days.signup_date <= household_days.state_day
        and household_days.state_day < {{ open_end('household_days.closed_date') }}
        and churned.household_id is null as is_customer,
        plan_periods.household_id is null as is_before_signup,
        plan_periods.plan_type,
        plan_periods.plan_rank,
        plan_periods.is_paying,
        plan_periods.mrr
    from household_days
    left join churned using (household_id, state_day)
    left join {{ ref('int_household_plan_periods') }} as plan_periods
        on
            household_days.household_id = plan_periods.household_id
            and household_days.state_day >= plan_periods.valid_from
            and household_days.state_day < {{ open_end('plan_periods.valid_until') }}
)

-- A household without a subscription is on Free, also before signup. Without billing data all plans are unknown.
select
    described.state_day,
    described.household_id,
    described.household_number,
    described.region,
    described.is_customer,
    {% if source_is_present('stripe', 'subscription_history') -%}
    case when described.is_before_signup then free_plan.plan_type else described.plan_type end as plan_type,
    described.is_before_signup or described.plan_rank = free_plan.plan_rank as is_free,
    not described.is_before_signup and described.is_paying as is_paying,
    case when described.is_before_signup then 0 else described.mrr end as mrr
    {%- else -%}
    cast(null as varchar) as plan_type,
    cast(null as boolean) as is_free,
    cast(null as boolean) as is_paying,
    cast(null as decimal(18, 2)) as mrr
    {%- endif %}
from described
cross join free_plan
