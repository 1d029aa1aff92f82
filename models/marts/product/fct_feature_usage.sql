-- depends_on: {{ ref('stg_app__households') }}
{{ config(materialized='incremental', meta={'date_column': 'used_date'}, post_hook="{{ refresh_first_last_uses() }}") }}

with uses as (
    select event_id, household_id, user_id, feature_name, event_at as used_at
    from {{ ref('fct_household_activity') }}
    where feature_name is not null {% if is_incremental() %}and activity_date >= {{ first_day() }}{% endif %}
),

first_last as (
    select household_id, feature_name, first_used_at, last_used_at from {{ ref('int_feature_first_last_uses') }}
),

catalogue as (
    select feature_name from {{ ref('features') }}
)

select
    uses.event_id,
    uses.household_id,
    uses.user_id,
    uses.feature_name,
    catalogue.feature_name is not null as is_in_catalogue,
    uses.used_at,
    cast(uses.used_at as date) as used_date,
    first_last.first_used_at,
    first_last.last_used_at
from uses
inner join first_last
    on uses.household_id = first_last.household_id and uses.feature_name = first_last.feature_name
left join catalogue on uses.feature_name = catalogue.feature_name
