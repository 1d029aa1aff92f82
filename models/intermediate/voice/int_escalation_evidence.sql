{%- set change_days = var('escalation_change_days') -%}
{%- set spell = 'rule, subject, opened_on' -%}
with spells as (
    select * from {{ ref('int_escalation_spells') }}
),

-- What was known of the subject by the day of the evidence, and whether it counts on that day.
known as (
    select
        spells.rule,
        spells.subject,
        spells.opened_on,
        reports.ticket_id,
        reports.reported_at,
        spells.evidence_day - cast(reports.reported_at as date) as days_before,
        bool_or(reports.counts_until > spells.evidence_day) as counts
    from spells
    inner join {{ ref('int_escalation_reports') }} as reports
        on
            spells.rule = reports.rule
            and spells.subject = reports.subject
            and reports.counts_from <= spells.evidence_day
    group by
        spells.rule, spells.subject, spells.opened_on, spells.evidence_day,
        reports.ticket_id, reports.message_id, reports.reported_at
),

counted as (
    select
        {{ spell }},
        count(distinct ticket_id) filter (where counts) as tickets,
        min(reported_at) as first_reported_at,
        max(reported_at) as latest_at,
        count(distinct ticket_id) filter (where days_before < {{ change_days }}) as tickets_now,
        count(distinct ticket_id) filter (where days_before between {{ change_days }} and {{ 2 * change_days - 1 }})
            as tickets_before
    from known
    group by {{ spell }}
),

tickets as (
    select {{ spell }}, ticket_id, max(reported_at) as reported_at
    from known
    where counts and ticket_id is not null
    group by {{ spell }}, ticket_id
),

samples as (
    select {{ spell }}, list(ticket_id order by reported_at desc, ticket_id desc) as sample_ticket_ids
    from (
        select *
        from tickets
        qualify
            row_number() over (partition by {{ spell }} order by reported_at desc, ticket_id desc)
            <= {{ var('escalation_samples') }}
    )
    group by {{ spell }}
)

select
    counted.* exclude (tickets_now, tickets_before),
    samples.sample_ticket_ids,
    {{ safe_ratio('counted.tickets_now - counted.tickets_before', 'counted.tickets_before') }} as change_30d
from counted
left join samples using ({{ spell }})
