{%- set replies_are_known = source_is_present('zendesk', 'ticket_comment') and source_is_present('zendesk', 'user') -%}
with days as (
    select * from {{ ref('int_metric_days') }}
),

solutions as (
    select
        ticket_id,
        solution_number,
        cast(solved_at as date) as solved_date,
        cast(reopened_at as date) as reopened_date
    from {{ ref('int_ticket_solutions') }}
),

tickets as (
    select ticket_id, household_id from {{ ref('fct_support_tickets') }}
),

replies as (
    select comments.ticket_id, cast(comments.created_at as date) as reply_date
    from {{ ref('stg_zendesk__ticket_comment') }} as comments
    inner join {{ ref('int_desk_staff') }} as staff on comments.desk_user_id = staff.desk_user_id
    where comments.is_public
),

classified as (
    select ticket_id, valid_from, valid_until from {{ ref('int_tickets_classified') }} where not is_merged
),

-- Each ticket in its state at the end of the period in which it was solved; later changes do not count.
solved as (
    select
        days.period_grain,
        days.period_start,
        days.period_end,
        days.start_day,
        solutions.ticket_id,
        solutions.solution_number,
        tickets.household_id,
        {{ 'count(replies.ticket_id)' if replies_are_known else 'cast(null as bigint)' }} as replies
    from solutions
    inner join days on solutions.solved_date = days.date_day
    inner join tickets on solutions.ticket_id = tickets.ticket_id
    inner join classified
        on
            solutions.ticket_id = classified.ticket_id
            and classified.valid_from <= days.end_day
            and {{ open_end('classified.valid_until') }} > days.end_day
    left join replies on solutions.ticket_id = replies.ticket_id and days.end_day >= replies.reply_date
    where {{ open_end('solutions.reopened_date') }} > days.end_day
    group by all
),

summed as (
    select
        period_grain,
        period_start,
        period_end,
        start_day,
        household_id,
        count(*) as tickets_solved,
        -- Without the table of comments the numerator is unknown, also for tickets that were solved more than once.
        cast(sum(case when replies is not null then cast(solution_number = 1 and replies = 1 as integer) end) as bigint)
            as one_touch_tickets
    from solved
    group by period_grain, period_start, period_end, start_day, household_id
)

select
    summed.* exclude (start_day),
    states.plan_type,
    states.region
from summed
left join {{ ref('int_metric_household_states') }} as states
    on summed.household_id = states.household_id and summed.start_day = states.state_day
