with periods as (
    select * from {{ ref('int_metric_periods') }}
),

states as (
    select * from {{ ref('int_metric_household_states') }}
),

churned as (
    select distinct periods.period_grain, periods.period_start, spells.household_id
    from {{ ref('int_household_churn_spells') }} as spells
    inner join periods on spells.churned_at between periods.period_start and periods.end_day
),

-- A subscription may start before its household's signup: its MRR counts, but the household is not yet a customer.
customers as (
    select
        periods.period_grain,
        periods.period_start,
        periods.period_end,
        periods.end_day,
        states.household_id,
        states.household_number,
        states.plan_type,
        states.region,
        states.is_customer,
        states.is_customer and states.is_free as is_free,
        states.is_paying,
        states.mrr
    from states
    inner join periods on states.state_day = periods.start_day
    where states.is_customer or states.is_paying
),

compared as (
    select
        customers.*,
        customers.is_customer and churned.household_id is not null as has_churned,
        ends.is_paying as is_paying_at_end,
        ends.mrr as mrr_at_end,
        customers.is_paying and customers.mrr + ends.mrr is not null as is_mrr_known
    from customers
    inner join states as ends on customers.household_id = ends.household_id and customers.end_day = ends.state_day
    left join churned
        on
            customers.household_id = churned.household_id
            and customers.period_grain = churned.period_grain
            and customers.period_start = churned.period_start
)

select
    period_grain,
    period_start,
    period_end,
    household_id,
    household_number,
    plan_type,
    region,
    cast(is_customer as integer) as customers_at_start,
    -- Inactivity counts as churn, and without events of members it is unknown.
    {% if activity_is_known() -%}
    cast(has_churned as integer) as churned_customers,
    {%- else -%}
    cast(null as integer) as churned_customers,
    {%- endif %}
    cast(is_free as integer) as free_customers_at_start,
    cast(is_free and is_paying_at_end as integer) as converted_customers,
    cast(is_paying as integer) as payers_at_start,
    cast(is_paying and is_paying_at_end as integer) as payers_kept,
    cast(is_paying and not is_paying_at_end as integer) as payers_lost,
    -- MRR is compared over households whose MRR is known at both ends.
    cast(is_mrr_known as integer) as payers_with_known_mrr,
    cast(is_paying and not is_mrr_known as integer) as payers_with_unknown_mrr,
    case when is_mrr_known then mrr end as mrr_at_start,
    case when is_mrr_known then least(mrr, mrr_at_end) end as mrr_kept,
    case when is_mrr_known then mrr_at_end end as mrr_of_payers_at_end,
    case when is_mrr_known and mrr_at_end = 0 then mrr when is_mrr_known then 0 end as mrr_lost
from compared
