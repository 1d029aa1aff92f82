-- Entries into stages: those of the machine, churns, and periods that ended before they saw a Sunday.
with periods as (
    select * from {{ ref('int_customer_periods') }}
),

plan_periods as (
    select household_id, valid_from, is_trialing from {{ ref('int_household_plan_periods') }}
),

machine as (
    select periods.household_id, runs.*
    from {{ ref('int_lifecycle_run') }} as runs
    inner join (select household_id, household_number from periods where period_number = 1) as periods
        on runs.household_number = periods.household_number
    where runs.kind = 'entry'
),

unseen as (
    select *, period_until - 1 as last_day
    from periods
    where
        {{ sunday_from('period_from') }} >= period_until
        and period_until > {{ first_score_date() }}
)

select
    machine.household_id,
    case when machine.is_first then cast(machine.period_from as date) else cast(machine.seen_on as date) end as entered_on,
    machine.stage,
    machine.rule,
    machine.value,
    machine.threshold,
    overrides.reason_code
from machine
left join {{ ref('int_lifecycle_overrides') }} as overrides
    on machine.household_id = overrides.household_id and cast(machine.seen_on as date) = overrides.sunday
union all
select
    unseen.household_id,
    unseen.period_from,
    case when unseen.period_number = 1 and coalesce(plan_periods.is_trialing, false) then 'trial' else 'onboarding' end,
    case when unseen.period_number = 1 then 2 else 3 end,
    null,
    null,
    null
from unseen
asof left join plan_periods on unseen.household_id = plan_periods.household_id and unseen.last_day >= plan_periods.valid_from
union all
select household_id, churned_at, 'churned', 1, null, null, null from {{ ref('int_household_churn_spells') }}
