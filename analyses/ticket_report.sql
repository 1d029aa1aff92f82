-- Question: how many tickets were opened each week, how fast were they answered and solved, and was the SLA target met?
-- Grain: week × category × priority, the last 12 complete weeks; only combinations with tickets.
-- Decisions: 24 (tickets are read from their own table), 27 (each ticket has a priority). A ticket without
-- a response or resolution is excluded from the mean and counted as unknown. An SLA counts once it is due.
with tickets as (
    select * from {{ ref('fct_support_tickets') }} where not is_merged
),

weeks as (
    select distinct week_start, week_end
    from {{ ref('dim_dates') }}
    where week_end <= {{ as_of_date() }} and week_end > {{ as_of_date() }} - 7 * 12
),

in_weeks as (
    select
        weeks.week_start,
        coalesce(tickets.category, 'unknown') as category,
        tickets.priority,
        tickets.household_id,
        tickets.is_agent_opened,
        tickets.first_response_hours,
        tickets.resolution_hours,
        tickets.response_sla_met,
        tickets.resolution_sla_met,
        tickets.created_at + to_hours(tickets.response_sla_hours) < {{ as_of_end() }} as is_response_due,
        tickets.created_at + to_hours(tickets.resolution_sla_hours) < {{ as_of_end() }} as is_resolution_due
    from tickets
    inner join weeks on cast(tickets.created_at as date) between weeks.week_start and weeks.week_end
),

counted as (
    select
        week_start,
        category,
        priority,
        count(*) as tickets,
        count(distinct household_id) as households,
        avg(first_response_hours) filter (where not is_agent_opened) as first_response_hours,
        count(first_response_hours) filter (where not is_agent_opened) as responded,
        count(*) filter (where first_response_hours is null) as first_response_unknown,
        avg(resolution_hours) as resolution_hours,
        count(resolution_hours) as resolved,
        count(*) - count(resolution_hours) as resolution_unknown,
        count(*) filter (where is_response_due and response_sla_met) as response_sla_met,
        count(*) filter (where is_response_due) as response_sla_due,
        count(*) filter (where is_resolution_due and resolution_sla_met) as resolution_sla_met,
        count(*) filter (where is_resolution_due) as resolution_sla_due,
        count(*) filter (where not is_resolution_due) as resolution_sla_unknown
    from in_weeks
    group by week_start, category, priority
),

final as (
    select
        *,
        {{ safe_ratio('response_sla_met', 'response_sla_due') }} as response_sla_met_rate,
        {{ safe_ratio('resolution_sla_met', 'resolution_sla_due') }} as sla_met_rate
    from counted
)

select * from final
order by week_start, category, priority
