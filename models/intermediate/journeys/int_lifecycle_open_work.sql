-- Open tickets of high severity, open opportunities and the next renewal of each household on the score dates.
with dates as (
    select score_date from {{ ref('int_lifecycle_dates') }}
),

tickets as (
    select periods.household_id, dates.score_date, count(*) as tickets
    from {{ ref('int_ticket_periods') }} as periods
    inner join dates on dates.score_date >= periods.valid_from and dates.score_date < {{ open_end('periods.valid_until') }}
    where not periods.is_merged and not periods.is_solved and periods.severity in ('High', 'Critical')
    group by periods.household_id, dates.score_date
),

opportunities as (
    select opportunities.household_id, dates.score_date, count(*) as opportunities
    from {{ ref('int_opportunity_spells') }} as opportunities
    inner join dates
        on
            dates.score_date >= opportunities.identified_at
            and dates.score_date < least(
                {{ open_end('opportunities.status_at') }}, opportunities.identified_at + {{ var('lifecycle_opportunity_days') }}
            )
    group by opportunities.household_id, dates.score_date
),

renewals as (
    select periods.household_id, dates.score_date, min(periods.renewal_on - dates.score_date) as renewal_days
    from {{ ref('int_renewal_periods') }} as periods
    inner join dates
        on
            dates.score_date >= periods.valid_from
            and dates.score_date < {{ open_end('periods.valid_until') }}
            and periods.renewal_on >= dates.score_date
    where not periods.is_cancellation_scheduled
    group by periods.household_id, dates.score_date
),

open_work as (
    select * from tickets
    union all by name
    select * from opportunities
    union all by name
    select * from renewals
)

select
    household_id,
    score_date,
    any_value(tickets) as tickets,
    any_value(opportunities) as opportunities,
    any_value(renewal_days) as renewal_days
from open_work
group by household_id, score_date
