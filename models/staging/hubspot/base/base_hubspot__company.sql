{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'company', key=['id']) }}
),

with_state as (
    {{ with_household_state('raw_rows') }}
),

-- Where the company names no household it may be known by its domain.
with_household as (
    select
        with_state.* replace (
            coalesce(domains.household_id, with_state.household_id) as household_id,
            case when domains.household_id is not null then 'known' else with_state.household_state end as household_state
        )
    from with_state
    left join {{ ref('base_hubspot__domain_households') }} as domains
        on with_state.household_state = 'unknown' and lower(trim(with_state.domain)) = domains.domain
)

{{ with_row_class('with_household', key=['id'], has_own_date=false) }}
