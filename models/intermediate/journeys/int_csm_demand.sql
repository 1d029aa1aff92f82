-- Customers and what decides who looks after them; those without an owner in the CRM are numbered in the order of assignment.
with periods as (
    select household_id from {{ ref('int_customer_periods') }} where period_until is null
),

signups as (
    select household_id, region from {{ ref('int_household_signups') }}
),

plan_periods as (
    select household_id, plan_type, mrr from {{ ref('int_household_plan_periods') }} where valid_until is null
),

crm_owners as (
    select household_id, crm_owner_id from {{ ref('int_household_crm_owners') }}
),

customers as (
    select household_id, plan_periods.plan_type, signups.region, plan_periods.mrr, crm_owners.crm_owner_id
    from periods
    inner join signups using (household_id)
    left join plan_periods using (household_id)
    left join crm_owners using (household_id)
),

described as (
    select
        customers.*,
        plans.plan_rank,
        csms.owner_id is not null as has_owner
    from customers
    left join {{ ref('plans') }} as plans on customers.plan_type = plans.plan_type
    left join {{ ref('int_csms') }} as csms on customers.crm_owner_id = csms.owner_id
),

decided as (
    select
        *,
        case
            when plan_rank = 0 then 'automated_cs'
            when has_owner then 'keeps_owner'
        end as assignment
    from described
)

select
    household_id,
    plan_type,
    region,
    crm_owner_id,
    assignment,
    -- Higher plans first, an unknown one last; then MRR down, an unknown one last.
    case
        when assignment is null
            then row_number() over (
                partition by assignment is null order by plan_rank desc nulls last, mrr desc nulls last, household_id
            )
    end as assignment_order
from decided
