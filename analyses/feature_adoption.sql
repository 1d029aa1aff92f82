-- Question: how many customers use the features of their plan?
-- Grain: plan (and 'all') × feature of the catalogue, and the feature 'any three advanced or premium' for the metric
-- feature_adoption_rate. The window is the 30 days that end on as_of_date.
-- Decisions: 8 (without events, use is null, not 0), 23 (uses at their own grain). The rate is null for a feature that
-- the plan does not include, and for one without any recorded use (not measured).
{%- set days = 30 %}

with customers as (
    select household_id, coalesce(plan_type, 'unknown') as plan_type from {{ ref('dim_households') }} where is_active
),

features as (
    select feature_name, tier, string_split(plans, ', ') as plans from {{ ref('dim_features') }}
),

uses as (
    select distinct household_id, feature_name
    from {{ ref('fct_feature_usage') }}
    where is_in_catalogue and cast(used_at as date) between {{ as_of_date() }} - {{ days - 1 }} and {{ as_of_date() }}
),

grouped_customers as (
    select household_id, unnest(['all', plan_type]) as plan_group, plan_type from customers
),

by_feature as (
    select
        grouped_customers.plan_group,
        features.feature_name,
        features.tier,
        count(*) filter (where list_contains(features.plans, grouped_customers.plan_type)) as customers,
        case
            when recorded.feature_name is not null
                then count(uses.household_id) filter (where list_contains(features.plans, grouped_customers.plan_type))
        end as users
    from grouped_customers
    cross join features
    left join (select distinct feature_name from {{ ref('fct_feature_usage') }}) as recorded using (feature_name)
    left join uses using (household_id, feature_name)
    group by grouped_customers.plan_group, features.feature_name, features.tier, recorded.feature_name
),

adopters as (
    select uses.household_id
    from uses
    inner join features on uses.feature_name = features.feature_name and features.tier in ('advanced', 'premium')
    group by uses.household_id
    having count(*) >= 3
),

adoption as (
    select
        grouped_customers.plan_group,
        'any three advanced or premium' as feature_name,
        'adoption' as tier,
        count(*) as customers,
        {{ count_or_unknown('count(adopters.household_id)', 'product', 'events') }} as users
    from grouped_customers
    left join adopters using (household_id)
    group by grouped_customers.plan_group
),

combined as (
    select * from by_feature
    union all
    select * from adoption
)

select
    plan_group,
    feature_name,
    tier,
    customers,
    users as users_30d,
    {{ safe_ratio('users', 'customers') }} as adoption_rate
from combined
order by plan_group asc, tier asc, adoption_rate desc nulls last, feature_name asc
