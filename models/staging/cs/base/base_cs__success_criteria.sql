{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'success_criteria', key=['id'], own_date='created_at') }}
),

plans as (
    {{ households_by_key('base_cs__success_plans', 'id') }}
),

with_household as (
    select raw_rows.*, plans.household_id, plans.household_state
    from raw_rows
    left join plans on raw_rows.plan_id = plans.parent_key
)

{{ with_row_class('with_household', key=['id']) }}
