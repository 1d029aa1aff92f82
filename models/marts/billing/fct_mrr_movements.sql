with periods as (
    select household_id, valid_from, valid_until, mrr
    from {{ ref('int_household_plan_periods') }}
    where is_paying
),

months as (
    select distinct month_start from {{ ref('dim_dates') }}
),

-- The last day of each month, or as_of_date for the current month.
month_ends as (
    select
        month_start,
        least(cast({{ dbt.last_day('month_start', 'month') }} as date), {{ as_of_date() }}) as month_end,
        cast({{ dbt.last_day('month_start', 'month') }} as date) <= {{ as_of_date() }} as is_complete
    from months
),

-- The day of the household's first MRR above 0; one that is unknown may be above 0.
first_paid as (
    select household_id, min(valid_from) as first_paid_on
    from periods
    where mrr is distinct from 0
    group by household_id
),

closings as (
    select periods.household_id, month_ends.month_start, periods.mrr
    from month_ends
    inner join periods
        on
            periods.valid_from <= month_ends.month_end
            and {{ open_end('periods.valid_until') }} > month_ends.month_end
),

-- MRR is 0 without payment, and may be 0 with it: in a free period. An unknown MRR stays null.
compared as (
    select
        coalesce(closing.household_id, opening.household_id) as household_id,
        coalesce(closing.month_start, opening.next_month_start) as month_start,
        case when opening.household_id is null then 0 else opening.mrr end as mrr_opening,
        case when closing.household_id is null then 0 else closing.mrr end as mrr_closing,
        opening.household_id is not null as was_paying,
        closing.household_id is not null as is_paying
    from closings as closing
    full join (
        select *, cast({{ dbt.dateadd('month', 1, 'month_start') }} as date) as next_month_start from closings
    ) as opening
        on closing.household_id = opening.household_id and closing.month_start = opening.next_month_start
),

dated as (
    select compared.*, month_ends.is_complete, first_paid.first_paid_on < compared.month_start as has_paid_before
    from compared
    inner join month_ends on compared.month_start = month_ends.month_start
    inner join first_paid on compared.household_id = first_paid.household_id
    where compared.mrr_opening is distinct from 0 or compared.mrr_closing is distinct from 0
)

select
    household_id,
    month_start,
    cast(mrr_opening as decimal(18, 2)) as mrr_opening,
    {{ mrr_movement('mrr_closing', 'mrr_closing > 0 and not has_paid_before') }} as "new",
    {{ mrr_movement('mrr_closing - mrr_opening', 'was_paying and has_paid_before and mrr_closing > mrr_opening') }} as expansion,
    {{ mrr_movement('mrr_opening - mrr_closing', 'is_paying and mrr_closing < mrr_opening') }} as contraction,
    {{ mrr_movement('mrr_opening', 'not is_paying') }} as churned,
    {{ mrr_movement('mrr_closing', 'not was_paying and has_paid_before') }} as reactivation,
    cast(mrr_closing as decimal(18, 2)) as mrr_closing,
    is_complete
from dated
