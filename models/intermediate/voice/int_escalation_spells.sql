-- One spell per rule and subject while the rule holds; patterns and themes stay open until it has not held for close_after_days.
with rules as (
    select rule, subject_kind, threshold, scales_with_customers, cast(close_after_days as integer) as close_after_days
    from {{ ref('escalation_rules') }}
),

customer_days as (
    select day, customers from {{ ref('int_customer_days') }}
),

enough as (
    select counts.rule, counts.subject, counts.valid_from, counts.valid_until, counts.counted
    from {{ ref('int_escalation_counts') }} as counts
    inner join rules on counts.rule = rules.rule and counts.counted >= rules.threshold
    where rules.subject_kind = 'issue_key' or (rules.subject_kind = 'theme' and counts.balance < 0)
),

-- A threshold that scales changes from day to day with the number of customers.
days as (
    select enough.rule, enough.subject, customer_days.day
    from enough
    inner join rules on enough.rule = rules.rule
    inner join customer_days
        on customer_days.day >= enough.valid_from and customer_days.day < {{ open_end('enough.valid_until') }}
    where
        not rules.scales_with_customers
        or enough.counted >= customer_days.customers * {{ var('escalation_customer_share') }}
    union all
    select rules.rule, 'all', cast(tests.day as date)
    from {{ ref('int_performance_tests') }} as tests
    inner join rules on rules.subject_kind = 'all' and tests.households >= rules.threshold
    where
        tests.p_value < {{ var('performance_alpha') }}
        and tests.households > {{ var('performance_times_mean') }} * tests.mean_before
),

stretches as (
    select days.rule, days.subject, days.day as holds_from, days.day + rules.close_after_days as open_until
    from days
    inner join rules on days.rule = rules.rule
    union all
    select reports.rule, reports.subject, reports.counts_from, reports.counts_until
    from {{ ref('int_escalation_reports') }} as reports
    inner join rules on reports.rule = rules.rule and rules.subject_kind = 'ticket'
),

numbered as (
    select
        *,
        sum(is_new) over (partition by rule, subject order by holds_from, open_until rows unbounded preceding) as spell_number
    from (
        select
            *,
            case when holds_from <= max(open_until) over (
                partition by rule, subject
                order by holds_from, open_until
                rows between unbounded preceding and 1 preceding
            ) then 0 else 1 end as is_new
        from stretches
    )
)

select
    md5(concat_ws('|', rule, subject, min(holds_from))) as escalation_id,
    rule,
    subject,
    min(holds_from) as opened_on,
    case when max(open_until) <= {{ as_of_date() }} then max(open_until) end as closed_on,
    coalesce(closed_on - 1, {{ as_of_date() }}) as evidence_day
from numbered
where holds_from <= {{ as_of_date() }}
group by rule, subject, spell_number
-- The window selects spells only, so that their ids never change.
having max(open_until) > {{ as_of_date() }} - {{ var('escalation_days') - 1 }}
