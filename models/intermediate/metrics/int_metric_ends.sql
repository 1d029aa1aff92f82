with periods as (
    select * from {{ ref('int_metric_periods') }}
),

states as (
    select * from {{ ref('int_metric_household_states') }}
),

window_days as (
    select distinct
        end_day,
        end_day - cast(unnest(range({{ var('adoption_days') }})) as integer) as activity_date
    from periods
),

feature_days as (
    select
        household_id,
        activity_date,
        lead(activity_date, 1, date '9999-12-31') over (
            partition by household_id, feature_name order by activity_date
        ) as next_activity_date
    from {{ ref('int_feature_days') }}
    where tier in ('advanced', 'premium')
),

-- Counts the last day of use in each window, so that each feature counts once per window.
used as (
    select feature_days.household_id, window_days.end_day, count(*) as features_used
    from feature_days
    inner join window_days on feature_days.activity_date = window_days.activity_date
    where feature_days.next_activity_date > window_days.end_day
    group by feature_days.household_id, window_days.end_day
),

-- A subscription may start before its household's signup: its MRR counts, but the household is not yet a customer.
customers as (
    select
        periods.period_grain,
        periods.period_start,
        periods.period_end,
        states.household_id,
        states.household_number,
        states.plan_type,
        states.region,
        states.is_customer,
        states.is_paying,
        states.mrr,
        states.is_paying and starts.is_paying as is_paying_at_both,
        case when states.mrr > starts.mrr then states.mrr - starts.mrr when states.mrr <= starts.mrr then 0 end as mrr_growth,
        {{ activity_or_unknown('used.features_used') }} as features_used
    from states
    inner join periods on states.state_day = periods.end_day
    inner join states as starts on states.household_id = starts.household_id and periods.start_day = starts.state_day
    left join used on states.household_id = used.household_id and states.state_day = used.end_day
    where states.is_customer or states.is_paying
)

select
    period_grain,
    period_start,
    period_end,
    household_id,
    household_number,
    plan_type,
    region,
    cast(is_customer as integer) as customers_at_end,
    cast(is_customer and features_used >= {{ var('adoption_min_features') }} as integer) as adopting_customers,
    cast(is_paying and mrr is not null as integer) as payers_at_end,
    cast(is_paying and mrr is null as integer) as payers_at_end_unknown,
    case when is_paying then mrr end as mrr_at_end,
    -- Decimals of 18 digits are multiplied in 18 digits, too few for large amounts.
    case when is_paying then cast(mrr as decimal(19, 2)) * mrr end as mrr_at_end_squared,
    case when is_paying_at_both then mrr_growth when is_paying and mrr is not null then 0 end as mrr_expansion,
    cast(is_paying_at_both and mrr_growth is null as integer) as payers_with_unknown_growth
from customers
