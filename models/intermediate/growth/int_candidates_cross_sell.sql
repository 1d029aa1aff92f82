-- The first add-on in the order of the seed whose condition holds. What the plan contains already is a tip, no offer.
with customers as (
    select * from {{ ref('int_growth_today') }}
),

owners as (
    select owner_user_id, count(*) as households from {{ ref('stg_app__households') }} where closed_at is null group by owner_user_id
),

sole as (
    select households.household_id
    from {{ ref('stg_app__households') }} as households
    inner join owners on households.owner_user_id = owners.owner_user_id
    where owners.households = 1
),

seniors as (
    select pets.household_id, count(*) as pets
    from {{ ref('stg_app__pets') }} as pets
    inner join {{ ref('senior_ages') }} as ages on pets.species = ages.species
    where pets.removed_at is null and pets.born_on + to_years(ages.years) <= {{ as_of_date() }}
    group by pets.household_id
),

conditions as (
    select customers.household_id, 'additional_household' as add_on, customers.active_pet_count as counted
    from customers
    inner join sole on customers.household_id = sole.household_id
    where customers.active_pet_count >= {{ var('many_pets') }}
    union all
    select household_id, 'calendar_sync', recurring_tasks from customers
    where recurring_tasks >= {{ var('cross_sell_recurring_tasks') }} and not calendar_sync_enabled
    union all
    select customers.household_id, 'pet_health_tracking', seniors.pets
    from customers
    inner join seniors on customers.household_id = seniors.household_id
    union all
    select household_id, 'priority_support', tickets_90 from customers where tickets_90 >= {{ var('cross_sell_tickets_90') }}
),

chosen as (
    select
        customers.household_id,
        customers.mrr,
        add_ons.*,
        conditions.counted,
        list_contains(string_split(coalesce(add_ons.plans, ''), ' '), customers.plan_type) as is_contained
    from customers
    inner join conditions on customers.household_id = conditions.household_id
    inner join {{ ref('add_ons') }} as add_ons on conditions.add_on = add_ons.add_on
    where customers.plan_type is not null
    qualify row_number() over (partition by customers.household_id, is_contained order by add_ons.rule_order) = 1
)

select
    household_id,
    case when is_contained then 'feature_adoption' else 'cross_sell' end as program,
    add_on as reason,
    to_json({'counted': counted, 'price': case when not is_contained then price end, 'benefit': benefit}) as detail,
    add_on as angle,
    case when not is_contained then add_on end as offer,
    row_number() over (partition by is_contained order by rule_order, mrr desc nulls last, household_id) as place
from chosen
