-- Customers at the start of each month and those of them who churned in it, counted from spells, without the metric's own
-- tables: nobody is dropped from the denominator, and nobody counts in another month.
with months as (
    select distinct period_start, period_end
    from {{ ref('fct_metric_values') }}
    where metric = 'household_churn_rate' and period_grain = 'month' and period_end <= {{ as_of_date() }}
),

households as (
    select household_id, signup_date
    from {{ ref('stg_app__households') }}
    where closed_date is null or closed_date > signup_date
),

spells as (
    select household_id, churned_at, {{ open_end('reactivated_at') }} as ended_on
    from {{ ref('int_household_churn_spells') }}
),

customers as (
    select months.period_start, months.period_end, households.household_id
    from months
    inner join households on months.period_start > households.signup_date
    left join spells
        on
            households.household_id = spells.household_id
            and months.period_start > spells.churned_at
            and months.period_start <= spells.ended_on
    where spells.household_id is null
),

anew as (
    select
        customers.period_start,
        count(distinct customers.household_id) as customers,
        count(distinct spells.household_id) as churned
    from customers
    left join spells
        on
            customers.household_id = spells.household_id
            and spells.churned_at between customers.period_start and customers.period_end
    group by customers.period_start
),

ledger as (
    select period_start, numerator, denominator
    from {{ ref('fct_metric_values') }}
    where metric = 'household_churn_rate' and period_grain = 'month' and segment_type = 'all'
)

select ledger.*, anew.churned, anew.customers
from ledger
inner join months on ledger.period_start = months.period_start
left join anew on ledger.period_start = anew.period_start
where
    coalesce(ledger.numerator, 0) <> coalesce(anew.churned, 0)
    or coalesce(ledger.denominator, 0) <> coalesce(anew.customers, 0)
