with first_ticket as (
    select min(created_date) as day from {{ ref('int_ticket_periods') }}
),

counts as (
    select counts.valid_from, counts.counted
    from {{ ref('int_escalation_counts') }} as counts
    inner join {{ ref('escalation_rules') }} as rules on counts.rule = rules.rule and rules.subject_kind = 'all'
)

-- The first complete week ends six days after the first ticket.
select days.day, coalesce(counts.counted, 0) as households, days.customers
from {{ ref('int_customer_days') }} as days
inner join first_ticket on days.day >= first_ticket.day + 6
asof left join counts on days.day >= counts.valid_from
