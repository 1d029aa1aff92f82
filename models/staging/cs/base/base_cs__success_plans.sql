{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'success_plans', key=['id'], own_date='created_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], status=('status', var('success_plan_statuses'), none), other={
    'bad_value': is_unknown_word('review_cadence', 'review_cadences')
}) }}
