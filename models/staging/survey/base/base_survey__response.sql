{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('survey', 'response', key=['id'], own_date='responded_at', own_household=true) }}
),

with_household as (
    {{ with_household_state('raw_rows') }}
)

{{ with_row_class('with_household', key=['id'], other={
    'score_out_of_scale': "score is null and has_bad_value or score <> floor(score)"
        ~ " or score is not null and try_cast(score as integer) is null"
        ~ " or survey_type = 'NPS' and score not between 0 and 10"
        ~ " or survey_type = 'CSAT' and score not between 1 and 5",
    'bad_value': is_unknown_word('survey_type', 'survey_types')
}) }}
