-- depends_on: {{ ref('int_support_touched_days') }}
with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

score_dates as (
    select score_date from {{ ref('int_score_dates') }} where score_date >= {{ first_day() }}
),

-- A solved ticket counts for 90 days after its creation, an unsolved one until it is solved, a merged one not at all.
periods as (
    select
        *,
        least({{ open_end('valid_until') }}, case when is_solved then created_date + 90 else date '9999-12-31' end)
            as counts_until
    from {{ ref('int_ticket_periods') }}
    where not is_merged
),

tickets_at_dates as (
    select periods.*, score_dates.score_date, score_dates.score_date - periods.created_date as age
    from periods
    inner join score_dates
        on score_dates.score_date >= periods.valid_from and score_dates.score_date < periods.counts_until
),

summed as (
    select
        household_id,
        score_date,
        count(*) filter (where age < 30) as tickets_30,
        count(*) filter (where age < 90) as tickets_90,
        count(*) filter (where age < 30 and severity = 'Critical') as critical_tickets_30,
        count(*) filter (where not is_solved) as open_tickets,
        count(*) filter (where not is_solved and severity = 'Critical') as unresolved_critical_tickets,
        count(*) filter (
            where not is_solved
            and severity = 'Critical'
            and created_at + interval 48 hour < cast(score_date as timestamp) + interval 1 day
        ) as critical_tickets_over_48h,
        count(*) filter (where age < 90 and is_escalated) as escalated_tickets_90,
        count(*) filter (where age < 90 and competitor_mentioned is not null) as competitor_tickets_90,
        {%- for days in [30, 90] %}
        cast(sum(epoch_us(resolved_at) - epoch_us(created_at)) filter (where age < {{ days }} and is_solved) as bigint)
            as resolution_us_{{ days }},
        count(resolved_at) filter (where age < {{ days }} and is_solved) as resolved_{{ days }},
        {%- endfor %}
        count(*) filter (where age < 90 and is_escalated is null) as tickets_with_unknown_tags_90
    from tickets_at_dates
    group by household_id, score_date
)

{%- set counts = [
    'tickets_30', 'tickets_90', 'critical_tickets_30', 'open_tickets', 'unresolved_critical_tickets',
    'critical_tickets_over_48h'
] %}

select
    customers.household_id,
    customers.score_date,
    {%- for column in counts %}
    {{ count_or_unknown('summed.' ~ column, 'zendesk', 'ticket') }} as {{ column }},
    {%- endfor %}
    -- Counts of tags are null if the tags of any ticket are unknown; one known mention of a competitor is enough for true.
    case
        when coalesce(summed.tickets_with_unknown_tags_90, 0) = 0
            then {{ count_or_unknown('summed.escalated_tickets_90', 'zendesk', 'ticket') }}
    end as escalated_tickets_90,
    case
        when coalesce(summed.tickets_with_unknown_tags_90, 0) = 0 or summed.competitor_tickets_90 > 0
            then {{ count_or_unknown('summed.competitor_tickets_90', 'zendesk', 'ticket') }}
    end as competitor_tickets_90,
    {{ safe_ratio('summed.resolution_us_30 / 3600000000.0', 'summed.resolved_30') }} as mean_resolution_hours_30,
    {{ safe_ratio('summed.resolution_us_90 / 3600000000.0', 'summed.resolved_90') }} as mean_resolution_hours_90
from customers
left join summed on customers.household_id = summed.household_id and customers.score_date = summed.score_date
order by score_date
