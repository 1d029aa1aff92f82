{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'reviews', key=['id'], own_date='submitted_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], other={
    'score_out_of_scale': 'rating is null and has_bad_value or rating <> floor(rating) or rating not between 1 and 5',
    'bad_value': 'platform is null'
}) }}
