-- Spells found by looking at every day of a sample of households, next to those of the mart; one column at a time.
with here as (
    select
        household_id,
        churn_number,
        churned_at - date '1970-01-01' as churned_at,
        reactivated_at - date '1970-01-01' as reactivated_at,
        left_at - date '1970-01-01' as left_at,
        list_position(['closed', 'lapsed', 'dark'], churn_type) - 1 as kind
    from analytics.fct_churn_events
    semi join sampled_households using (household_id)
),

there as (
    select
        household_id,
        churn_number,
        churned_at - date '1970-01-01' as churned_at,
        reactivated_at - date '1970-01-01' as reactivated_at,
        left_at - date '1970-01-01' as left_at,
        kind
    from household_spells
)

select
    household_id || ' spell ' || churn_number as item,
    case (select $column)
        when 'churned_at' then here.churned_at
        when 'reactivated_at' then here.reactivated_at
        when 'left_at' then here.left_at
        else here.kind
    end as observed,
    case (select $column)
        when 'churned_at' then there.churned_at
        when 'reactivated_at' then there.reactivated_at
        when 'left_at' then there.left_at
        else there.kind
    end as expected
from here
full join there using (household_id, churn_number)
