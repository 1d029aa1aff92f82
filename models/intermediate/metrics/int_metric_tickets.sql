with tickets as (
    select
        *,
        cast(created_at as date) as created_date,
        resolved_at is null and status in ('solved', 'closed') as is_solved_at_unknown_time
    from {{ ref('fct_support_tickets') }}
),

solutions as (
    select *, cast(solved_at as date) as solved_date, cast(reopened_at as date) as reopened_date
    from {{ ref('int_ticket_solutions') }}
),

-- Each ticket in its state at the end of the period in which it was created, not in its current state. DuckDB multiplies
-- decimals of up to 18 digits in 18 digits, too few for the squares of long waits: hence 19.
created as (
    select
        days.period_grain,
        days.period_start,
        days.period_end,
        days.start_day,
        tickets.household_id,
        tickets.is_agent_opened,
        case
            when not tickets.is_agent_opened and cast(tickets.first_response_at as date) <= days.end_day
                then cast({{ hours_between('tickets.created_at', 'tickets.first_response_at') }} as decimal(19, 6))
        end as hours_to_response,
        cast({{ hours_between('tickets.created_at', 'solutions.solved_at') }} as decimal(19, 6)) as hours_to_resolution,
        case
            when not tickets.is_solved_at_unknown_time
                then tickets.created_at + to_hours(classified.resolution_sla_hours) < cast(days.end_day + 1 as timestamp)
        end as is_sla_due,
        {{ flag_or_unknown(
            'solutions.solved_at <= tickets.created_at + to_hours(classified.resolution_sla_hours)',
            'zendesk', 'ticket_field_history'
        ) }} as is_sla_met
    from tickets
    inner join {{ ref('int_metric_days') }} as days on tickets.created_date = days.date_day
    left join solutions
        on
            tickets.ticket_id = solutions.ticket_id
            and solutions.solved_date <= days.end_day
            and {{ open_end('solutions.reopened_date') }} > days.end_day
    inner join {{ ref('int_tickets_classified') }} as classified
        on
            tickets.ticket_id = classified.ticket_id
            and classified.valid_from <= days.end_day
            and {{ open_end('classified.valid_until') }} > days.end_day
    where not classified.is_merged
),

summed as (
    select
        period_grain,
        period_start,
        period_end,
        start_day,
        household_id,
        {%- for outcome, done in [('response', 'responded'), ('resolution', 'resolved')] %}
        count(hours_to_{{ outcome }}) as tickets_{{ done }},
        count(*) {% if outcome == 'response' %}filter (where not is_agent_opened) {% endif -%}
            - count(hours_to_{{ outcome }}) as tickets_un{{ done }},
        sum(hours_to_{{ outcome }}) as hours_to_{{ outcome }},
        sum(hours_to_{{ outcome }} * hours_to_{{ outcome }}) as hours_to_{{ outcome }}_squared,
        {%- endfor %}
        count(is_sla_met) filter (where is_sla_due) as sla_due_tickets,
        count(*) filter (where is_sla_due and is_sla_met) as sla_met_tickets,
        count(*) filter (where not is_sla_due) as sla_pending_tickets
    from created
    group by period_grain, period_start, period_end, start_day, household_id
)

select
    summed.* exclude (start_day),
    states.plan_type,
    states.region
from summed
left join {{ ref('int_metric_household_states') }} as states
    on summed.household_id = states.household_id and summed.start_day = states.state_day
