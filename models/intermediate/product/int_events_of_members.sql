{{ config(materialized='view') }}

with events as (
    select event_id, household_id, user_id, event_name, event_at, event_date, feature_name, pet_id
    from {{ ref('stg_product__events') }}
),

member_spells as (
    select * from {{ ref('int_member_spells') }}
),

event_features as (
    select event_name, feature_name from {{ ref('event_features') }}
)

select
    events.event_id,
    events.household_id,
    events.user_id,
    member_spells.member_number,
    events.event_date as activity_date,
    events.event_at,
    events.event_name as event_type,
    case when events.event_name = 'feature_used' then events.feature_name else event_features.feature_name end as feature_name,
    events.pet_id
from events
inner join member_spells
    on
        events.household_id = member_spells.household_id
        and events.user_id = member_spells.user_id
        and events.event_date >= member_spells.member_from
        and events.event_date < {{ open_end('member_spells.member_until') }}
left join event_features on events.event_name = event_features.event_name
