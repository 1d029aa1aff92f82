-- The feature at whose limit an event stands is that of the event itself; the catalogue maps other events only.
select
    activity.household_id,
    activity.activity_date,
    count(*) as limit_hits,
    count(*) filter (where events.feature_name = '{{ var("photo_feature") }}') as photo_limit_hits
from {{ ref('fct_household_activity') }} as activity
inner join {{ ref('fct_events') }} as events on activity.event_id = events.event_id
where activity.event_type = 'limit_hit'
group by activity.household_id, activity.activity_date
