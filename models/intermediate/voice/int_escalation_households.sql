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

-- Where entered_on is not known the spell began before the history.
stages as (
    select household_id, coalesce(entered_on, date '1900-01-01') as entered_on, stage, stage_today
    from {{ ref('fct_lifecycle_stages') }}
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
    {{ count_or_unknown('members.member_count', 'app', 'household_members') }} as member_count,
    case when reporting.evidence_day = {{ as_of_date() }} then stages.stage_today else stages.stage end = 'at_risk' as is_at_risk
from reporting
asof left join plans on reporting.household_id = plans.household_id and reporting.evidence_day >= plans.valid_from
asof left join members on reporting.household_id = members.household_id and reporting.evidence_day >= members.valid_from
asof left join stages on reporting.household_id = stages.household_id and reporting.evidence_day >= stages.entered_on
