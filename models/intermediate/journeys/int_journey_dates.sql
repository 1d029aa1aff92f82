-- The days on which a customer's stage is looked at: Sundays from signup on, as_of_date, and the day before a churn that came
-- before any Sunday.
with periods as (
    select * from {{ ref('int_customer_periods') }}
),

sundays as (
    select date_day from {{ ref('dim_dates') }} where dayofweek(date_day) = 0
),

days as (
    select periods.*, sundays.date_day as day
    from periods
    inner join sundays on sundays.date_day >= periods.period_from and sundays.date_day < {{ open_end('periods.period_until') }}
    union
    select *, {{ as_of_date() }} from periods where period_until is null
    union
    select *, period_until - 1
    from periods
    where {{ sunday_from('period_from') }} >= period_until
)

select *, day - signup_date as days_since_signup, dayofweek(day) = 0 as is_sunday from days
