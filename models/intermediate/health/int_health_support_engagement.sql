-- depends_on: {{ ref('int_household_score_dates') }}
with metrics as (
    select
        tickets.household_id,
        tickets.score_date,
        tickets.tickets_90,
        tickets.unresolved_critical_tickets,
        tickets.mean_resolution_hours_90,
        surveys.mean_csat_90,
        contact.had_contact_90
    from {{ ref('int_tickets_at_score_dates') }} as tickets
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys
        on tickets.household_id = surveys.household_id and tickets.score_date = surveys.score_date
    inner join {{ ref('int_contact_at_score_dates') }} as contact
        on tickets.household_id = contact.household_id and tickets.score_date = contact.score_date
    where tickets.score_date >= {{ first_day() }}
)

-- Without the support desk the part is null, even if survey scores exist.
select
    household_id,
    score_date,
    case when tickets_90 is not null then {{ points('support_engagement') }} end as support_engagement
from metrics
order by score_date
