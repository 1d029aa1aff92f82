-- Owners who may be given customers: one row per owner and plan, without a plan for households whose plan is unknown.
with csms as (
    select csms.owner_id, csms.specialization, csms.regions, csms.portfolio_size
    from {{ ref('int_csms') }} as csms
    inner join {{ ref('csm_roles') }} as roles on lower(trim(csms.role)) = lower(roles.role) and roles.is_csm
    where csms.portfolio_size is not null
),

kept as (
    select crm_owner_id as owner_id, count(*) as households
    from {{ ref('int_csm_demand') }}
    where assignment = 'keeps_owner'
    group by crm_owner_id
),

plans as (
    select csms.owner_id, specializations.plan_type
    from csms
    inner join {{ ref('csm_specializations') }} as specializations
        on lower(trim(csms.specialization)) = specializations.specialization
    union all
    select owner_id, null from csms
)

select
    plans.owner_id,
    plans.plan_type,
    csms.regions,
    csms.portfolio_size,
    coalesce(kept.households, 0) as households
from plans
inner join csms on plans.owner_id = csms.owner_id
left join kept on plans.owner_id = kept.owner_id
