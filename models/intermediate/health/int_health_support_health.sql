-- depends_on: {{ ref('int_household_score_dates') }}
with metrics as (
    select
        tickets.household_id,
        tickets.score_date,
        tickets.tickets_30,
        tickets.critical_tickets_30,
        tickets.mean_resolution_hours_30,
        surveys.mean_csat_of_tickets_30
    from {{ ref('int_tickets_at_score_dates') }} as tickets
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys
        on tickets.household_id = surveys.household_id and tickets.score_date = surveys.score_date
    where tickets.score_date >= {{ first_day() }}
)

-- Without the support desk the part is null, even if survey scores exist.
select
    household_id,
    score_date,
    case when tickets_30 is not null then {{ points('support_health') }} end as support_health
from metrics
order by score_date
