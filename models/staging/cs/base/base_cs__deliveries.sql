{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'deliveries', key=['message_key', 'status', 'occurred_at'], own_date='occurred_at', own_household=true) }}
),

housed as (
    {{ with_household_state('raw_rows') }}
),

-- A step that concerns no household, such as an escalation to a team, names none.
with_household as (
    select * replace (case when household_id is null then 'known' else household_state end as household_state)
    from housed
)

{{ with_row_class('with_household', key=['message_key', 'status', 'occurred_at'], status=('status', var('delivery_statuses'), none), other={
    'bad_value': 'survey_type is not null and ' ~ is_unknown_word('survey_type', 'survey_types')
}) }}
