-- A change to solved or closed solves a ticket that is not solved; any other reopens one that is.
create table recount.solutions as
with statuses as (
    select
        ticket_id,
        updated,
        value,
        value in ('solved', 'closed') as is_solved,
        lag(value in ('solved', 'closed'), 1, false) over (
            partition by ticket_id order by updated, value
        ) as was_solved
    from raw_kept.zendesk__ticket_field_history
    where field_name = 'status'
),

turns as (
    select
        ticket_id,
        updated,
        is_solved,
        lead(updated, 1, timestamp '9999-12-31') over (partition by ticket_id order by updated, value)
            as until,
        count(*) filter (where not is_solved)
            over (partition by ticket_id order by updated, value rows unbounded preceding) as reopenings
    from statuses
    where is_solved <> was_solved
)

select ticket_id, updated as solved_at, until, reopenings
from turns
where is_solved;

-- A ticket counts in the periods in which it was created, and in those in which it was solved, by the terms that hold at their
-- end. Where a level is missing the desk's own priority counts, else both are assumed. Merged tickets count in none.
create table recount.ticket_periods as
with touched as (
    select ticket.id as ticket_id, period_days.period
    from raw_kept.zendesk__ticket as ticket
    inner join recount.period_days
        on cast(ticket.created_at as date) = period_days.day
    union
    select solutions.ticket_id, period_days.period
    from recount.solutions
    inner join recount.period_days
        on cast(solutions.solved_at as date) = period_days.day
),

standing as (
    select
        ticket.*,
        touched.period,
        periods.first_day,
        periods.end_day,
        tag_terms.urgency,
        tag_terms.impact,
        desk_terms.zendesk_priority,
        ticket.is_listed or coalesce(tag_terms.is_merged, false) as is_merged
    from touched
    inner join raw_kept.zendesk__ticket as ticket
        on touched.ticket_id = ticket.id
    inner join recount.periods
        on touched.period = periods.period
    left join recount.tag_terms
        on ticket.id = tag_terms.ticket_id
        and tag_terms.updated < periods.end_day + 1
        and tag_terms.until >= periods.end_day + 1
    left join recount.desk_terms
        on ticket.id = desk_terms.ticket_id
        and desk_terms.updated < periods.end_day + 1
        and desk_terms.until >= periods.end_day + 1
)

select
    standing.id as ticket_id,
    households.home,
    standing.created_at,
    standing.period,
    cast(standing.created_at as date) between standing.first_day and standing.end_day as is_new,
    standing.id in (select ticket_id from recount.opened_by_staff) as is_from_staff,
    standing.status in ('solved', 'closed') and standing.id not in (
        select ticket_id from raw_kept.zendesk__ticket_field_history where field_name = 'status'
    ) as is_solved_some_time,
    standing.first_day,
    standing.end_day + 1 as ends_at,
    standing.created_at + to_hours(promised_hours.hours) as due_at
from standing
inner join recount.households
    on standing.household_id = households.household_id
left join recount.promised_hours
    on case
        when standing.urgency is not null and standing.impact is not null
            then promised_hours.urgency = standing.urgency and promised_hours.impact = standing.impact
        when standing.zendesk_priority is not null
            then promised_hours.zendesk_priority = standing.zendesk_priority
        else promised_hours.urgency = 'Assumed' and promised_hours.impact = 'Assumed'
    end
where not standing.is_merged;
