{%- set spell = 'rule, subject, opened_on' -%}
with spells as (
    select * from {{ ref('int_escalation_spells') }}
),

rules as (
    select * from {{ ref('escalation_rules') }}
),

households as (
    select
        {{ spell }},
        count(*) as households,
        {%- for plan in ['Free', 'Premium', 'Enterprise'] %}
        count(*) filter (where plan_type = '{{ plan }}') as {{ plan | lower }}_households,
        {%- endfor %}
        -- Unknown if it is unknown for one of them.
        case when count(member_count) = count(*) then cast(sum(member_count) as bigint) end as members,
        case when count(mrr) = count(*) then cast(sum(mrr) as decimal(18, 2)) end as mrr_at_risk,
        count(*) filter (where is_at_risk) as at_risk_households
    from {{ ref('int_escalation_households') }}
    group by {{ spell }}
),

reported as (
    select distinct ticket_id, household_id, created_date from {{ ref('int_escalation_tickets') }}
),

lost as (
    select distinct reported.ticket_id
    from reported
    inner join {{ ref('int_household_losses') }} as losses
        on
            reported.household_id = losses.household_id
            and losses.lost_on between reported.created_date and reported.created_date + {{ var('escalation_loss_days') }}
)

select
    spells.escalation_id,
    spells.rule,
    rules.team,
    case when rules.loss_priority is not null and lost.ticket_id is not null then rules.loss_priority else rules.priority end
        as priority,
    rules.subject_kind,
    spells.subject,
    case when rules.loss_priority is not null then lost.ticket_id is not null end as is_loss,
    spells.opened_on,
    spells.closed_on,
    spells.closed_on is null as is_open,
    evidence.tickets,
    coalesce(households.households, 0) as households,
    coalesce(households.free_households, 0) as free_households,
    coalesce(households.premium_households, 0) as premium_households,
    coalesce(households.enterprise_households, 0) as enterprise_households,
    households.members,
    households.mrr_at_risk,
    coalesce(households.at_risk_households, 0) as at_risk_households,
    evidence.first_reported_at,
    evidence.latest_at,
    evidence.sample_ticket_ids,
    evidence.change_30d
from spells
inner join {{ ref('int_escalation_evidence') }} as evidence using ({{ spell }})
left join households using ({{ spell }})
inner join rules on spells.rule = rules.rule
left join lost on rules.subject_kind = 'ticket' and spells.subject = lost.ticket_id
