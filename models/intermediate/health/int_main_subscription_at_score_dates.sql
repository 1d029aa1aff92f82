-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_billing_touched_days') }}
{{ config(meta={'households': 'stg_app__households'}) }}

with score_dates as (
    select score_date from {{ ref('int_score_dates') }} where score_date >= {{ first_day() }}
),

intervals as (
    select billing_interval, months_numerator, months_denominator from {{ ref('billing_intervals') }}
),

periods as (
    select
        periods.*,
        max(case when periods.payment_status = 'failed' then periods.payment_status_since end) over (
            partition by periods.subscription_id
            order by periods.valid_from
            rows between unbounded preceding and current row
        ) as failed_since
    from {{ ref('int_subscription_periods') }} as periods
    where periods.household_id is not null
),

periods_at_score_dates as (
    select periods.*, score_dates.score_date
    from periods
    inner join score_dates
        on
            score_dates.score_date >= periods.valid_from
            and score_dates.score_date < {{ open_end('periods.valid_until') }}
),

-- The subscription in force (paying before trial, then higher plan, then later start), else the one that started last.
chosen as (
    select *
    from periods_at_score_dates
    qualify row_number() over (
        partition by household_id, score_date
        order by
            is_in_force desc,
            case when is_in_force then is_paying end desc nulls last,
            case when is_in_force then plan_rank end desc nulls last,
            started_at desc,
            subscription_id desc
    ) = 1
)

select
    chosen.household_id,
    chosen.score_date,
    chosen.subscription_id,
    chosen.payment_status,
    chosen.failed_since,
    -- A scheduled cancellation counts from the day on which it is scheduled.
    chosen.cancel_at_period_end or chosen.cancel_at is not null as cancel_at_period_end,
    chosen.billing_interval_days,
    cast(chosen.billing_interval_count as double) * intervals.months_denominator / intervals.months_numerator
        as billing_interval_months,
    cast(chosen.current_period_end as date) as current_period_end_date
from chosen
left join intervals on chosen.billing_interval = intervals.billing_interval
order by score_date
