with periods as (
    select household_id, valid_from, valid_until, mrr
    from {{ ref('int_household_plan_periods') }}
    where mrr > 0
),

months as (
    select distinct month_start from {{ ref('dim_dates') }}
),

-- The last day of each month, the running month as far as it goes.
month_ends as (
    select
        month_start,
        least(cast({{ dbt.last_day('month_start', 'month') }} as date), {{ as_of_date() }}) as month_end,
        cast({{ dbt.last_day('month_start', 'month') }} as date) <= {{ as_of_date() }} as is_complete
    from months
),

first_paid as (
    select household_id, min(valid_from) as first_paid_on from periods group by household_id
),

closings as (
    select periods.household_id, month_ends.month_start, periods.mrr
    from month_ends
    inner join periods
        on
            periods.valid_from <= month_ends.month_end
            and {{ open_end('periods.valid_until') }} > month_ends.month_end
),

both_ends as (
    select household_id, month_start, mrr as mrr_closing, 0 as mrr_opening from closings
    union all
    select household_id, cast({{ dbt.dateadd('month', 1, 'month_start') }} as date), 0, mrr from closings
),

compared as (
    select
        both_ends.household_id,
        both_ends.month_start,
        month_ends.is_complete,
        cast(sum(both_ends.mrr_opening) as decimal(18, 2)) as mrr_opening,
        cast(sum(both_ends.mrr_closing) as decimal(18, 2)) as mrr_closing
    from both_ends
    inner join month_ends on both_ends.month_start = month_ends.month_start
    group by both_ends.household_id, both_ends.month_start, month_ends.is_complete
)

select
    compared.household_id,
    compared.month_start,
    compared.mrr_opening,
    case when mrr_opening = 0 and first_paid_on >= compared.month_start then mrr_closing else 0 end as "new",
    case when mrr_opening > 0 and mrr_closing > mrr_opening then mrr_closing - mrr_opening else 0 end as expansion,
    case when mrr_closing > 0 and mrr_closing < mrr_opening then mrr_opening - mrr_closing else 0 end as contraction,
    case when mrr_closing = 0 then mrr_opening else 0 end as churned,
    case when mrr_opening = 0 and first_paid_on < compared.month_start then mrr_closing else 0 end as reactivation,
    compared.mrr_closing,
    compared.is_complete
from compared
inner join first_paid on compared.household_id = first_paid.household_id
