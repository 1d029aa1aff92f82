-- Churn spells of a household do not overlap: each begins after the return that ended the previous one.
select
    household_id,
    churn_number,
    churned_at,
    reactivated_at,
    lag(reactivated_at) over (partition by household_id order by churn_number) as returned_before
from {{ ref('fct_churn_events') }}
qualify
    reactivated_at <= churned_at
    or left_at > churned_at
    or (churn_number > 1 and (returned_before is null or returned_before >= churned_at))
