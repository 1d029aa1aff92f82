with tickets as (
    select ticket_id, household_id, created_at, cast(created_at as date) as created_date, status
    from {{ ref('stg_zendesk__ticket') }}
),

classified as (
    select ticket_id, valid_from, severity, is_escalated, is_merged, competitor_mentioned from {{ ref('int_tickets_classified') }}
),

changes as (
    select ticket_id, updated_at, field_value in ('solved', 'closed') as is_solved
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'status'
),

with_solving as (
    select *, is_solved and not coalesce(lag(is_solved) over (partition by ticket_id order by updated_at), false) as is_solving
    from changes
),

solvings as (
    select
        *,
        max(case when is_solving then updated_at end) over (
            partition by ticket_id order by updated_at rows between unbounded preceding and current row
        ) as last_solved_at
    from with_solving
),

-- The status at the end of each day.
statuses as (
    select
        ticket_id,
        cast(updated_at as date) as valid_from,
        max_by(is_solved, updated_at) as is_solved,
        max_by(last_solved_at, updated_at) as last_solved_at
    from solvings
    group by ticket_id, cast(updated_at as date)
),

days as (
    select ticket_id, created_date as valid_from from tickets
    union
    select ticket_id, valid_from from statuses
    union
    select ticket_id, valid_from from classified
),

dated as (
    select tickets.*, greatest(days.valid_from, tickets.created_date) as valid_from
    from days
    inner join tickets on days.ticket_id = tickets.ticket_id
    qualify row_number() over (
        partition by days.ticket_id, greatest(days.valid_from, tickets.created_date) order by days.valid_from desc
    ) = 1
),

-- A ticket without a status history has its current status.
described as (
    select
        dated.* exclude (status),
        coalesce(statuses.is_solved, known.ticket_id is null and dated.status in ('solved', 'closed')) as is_solved,
        case when statuses.is_solved then statuses.last_solved_at end as resolved_at,
        classified.severity,
        classified.is_escalated,
        classified.is_merged,
        classified.competitor_mentioned
    from dated
    asof left join statuses on dated.ticket_id = statuses.ticket_id and dated.valid_from >= statuses.valid_from
    asof left join classified on dated.ticket_id = classified.ticket_id and dated.valid_from >= classified.valid_from
    left join (select distinct ticket_id from changes) as known on dated.ticket_id = known.ticket_id
)

select
    *,
    lead(valid_from) over (partition by ticket_id order by valid_from) as valid_until
from described
