-- Customers and what decides who looks after them; those without an owner in the CRM are numbered in the order of assignment.
with customers as (
    select household_id, plan_type, region, mrr, crm_owner_id from {{ ref('int_households') }} where is_active
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
