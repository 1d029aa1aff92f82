-- Counts per rule, subject and stretch of days on which they are the same. Overlapping reports of one household count once.
with rules as (
    select rule, subject_kind, measure, cast(window_days as integer) as window_days
    from {{ ref('escalation_rules') }}
    where measure is not null
),

reports as (
    select
        reports.rule,
        reports.subject,
        case rules.measure when 'tickets' then reports.ticket_id else reports.household_id end as counted_id,
        reports.counts_from,
        reports.counts_until
    from {{ ref('int_escalation_reports') }} as reports
    inner join rules on reports.rule = rules.rule
),

with_earlier as (
    select
        *,
        max(counts_until) over (
            partition by rule, subject, counted_id
            order by counts_from, counts_until
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from reports
),

-- What a report adds to those before it: nothing, or the days from the end of theirs.
added as (
    select rule, subject, greatest(counts_from, coalesce(earlier_until, counts_from)) as counts_from, counts_until
    from with_earlier
    where counts_until > coalesce(earlier_until, counts_from)
),

mentions as (
    select
        rules.rule,
        themes.theme,
        cast(themes.created_at as date) as mention_date,
        rules.window_days,
        case themes.polarity when 'positive' then 1 else -1 end as balance
    from {{ ref('fct_comment_themes') }} as themes
    inner join rules on rules.subject_kind = 'theme'
    where themes.polarity <> 'neutral'
),

changes as (
    select rule, subject, counts_from as day, 1 as counted, 0 as balance from added
    union all
    select rule, subject, counts_until, -1, 0 from added
    union all
    select rule, theme, mention_date, 0, balance from mentions
    union all
    select rule, theme, mention_date + window_days, 0, -balance from mentions
),

daily as (
    select rule, subject, day, sum(counted) as counted, sum(balance) as balance from changes group by rule, subject, day
)

select
    rule,
    subject,
    day as valid_from,
    lead(day) over history as valid_until,
    cast(sum(counted) over history as bigint) as counted,
    cast(sum(balance) over history as bigint) as balance
from daily
window history as (partition by rule, subject order by day)
