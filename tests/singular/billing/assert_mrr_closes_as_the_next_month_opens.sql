-- The closing MRR of a household equals its opening MRR of the next month.
with movements as (
    select household_id, month_start, mrr_opening, mrr_closing from {{ ref('fct_mrr_movements') }}
)

select this_month.household_id, this_month.month_start, this_month.mrr_closing, next_month.mrr_opening
from movements as this_month
left join movements as next_month
    on
        this_month.household_id = next_month.household_id
        and next_month.month_start = cast({{ dbt.dateadd('month', 1, 'this_month.month_start') }} as date)
where
    this_month.mrr_closing > 0
    and this_month.month_start < (select max(month_start) from {{ ref('dim_dates') }})
    and this_month.mrr_closing is distinct from next_month.mrr_opening
