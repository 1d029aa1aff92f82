with demand as (
    select * from {{ ref('int_csm_demand') }}
),

assigned as (
    select * from {{ ref('int_csm_assigned') }}
)

select
    demand.household_id,
    demand.plan_type,
    demand.region,
    demand.crm_owner_id,
    case when demand.assignment = 'keeps_owner' then demand.crm_owner_id else assigned.owner_id end as owner_id,
    coalesce(demand.assignment, case when assigned.owner_id is not null then 'assigned' else 'unassigned' end) as assignment,
    case
        when demand.assignment = 'automated_cs' then 'free_plan'
        when demand.assignment = 'keeps_owner' then 'owner_in_crm'
        when assigned.owner_id is null then assigned.reason
        when demand.crm_owner_id is not null then 'owner_has_left'
        else 'no_owner_in_crm'
    end as reason
from demand
left join assigned on demand.household_id = assigned.household_id
