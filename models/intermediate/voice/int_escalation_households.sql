-- Plans are those on the day of the household's latest report, money and members those on the day of the evidence.
with spells as (
    select * from {{ ref('int_escalation_spells') }}
),

plans as (
    select household_id, valid_from, mrr from {{ ref('int_household_plan_periods') }}
),

members as (
    select household_id, valid_from, member_count from {{ ref('int_household_member_counts') }}
),

reporting as (
    select
        spells.rule,
        spells.subject,
        spells.opened_on,
        spells.evidence_day,
        reports.household_id,
        arg_max_null(reports.plan_type, (reports.reported_at, coalesce(reports.message_id, reports.ticket_id))) as plan_type
    from spells
    inner join {{ ref('int_escalation_reports') }} as reports
        on
            spells.rule = reports.rule
            and spells.subject = reports.subject
            and reports.counts_from <= spells.evidence_day
            and reports.counts_until > spells.evidence_day
    group by spells.rule, spells.subject, spells.opened_on, spells.evidence_day, reports.household_id
)

select
    reporting.*,
    plans.mrr,
    {{ count_or_unknown('members.member_count', 'app', 'household_members') }} as member_count
from reporting
asof left join plans on reporting.household_id = plans.household_id and reporting.evidence_day >= plans.valid_from
asof left join members on reporting.household_id = members.household_id and reporting.evidence_day >= members.valid_from
