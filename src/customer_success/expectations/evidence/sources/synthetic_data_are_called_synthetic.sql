-- A data set without a kind is live, and no id in it is simulated.
with kind as (
    select coalesce(max(dataset_kind) = 'synthetic', false) as is_synthetic
    from staging.stg_meta__dataset
),

ids as (
    select 'households' as of_what, household_id as id from staging.stg_app__households
    union all
    select 'users', user_id from staging.stg_app__users
    union all
    select 'tickets', ticket_id from staging.stg_zendesk__ticket
    union all
    select 'charges', charge_id from staging.stg_stripe__charge
    union all
    select 'responses', response_id from staging.stg_survey__response
)

select
    'simulated ' || ids.of_what || ' called live' as item,
    count(*) filter (where not kind.is_synthetic and starts_with(ids.id, 'sim_')) as observed,
    0 as expected
from ids
cross join kind
group by ids.of_what
union all
select
    'households called what they are not',
    count(*) filter (where dim_households.is_synthetic is distinct from kind.is_synthetic),
    0
from analytics.dim_households
cross join kind
