-- Members under small numbers, and what they did, by day.
create table recount.memberships as
select
    households.home,
    members.user_id,
    cast(dense_rank() over (order by households.home, members.user_id) as integer) as member,
    cast(members.joined_at as date) as joined_day,
    coalesce(cast(members.left_at as date), date '9999-12-31') as left_day
from raw_kept.app__household_members as members
inner join recount.households
    on members.household_id = households.household_id;

-- An event names its feature, or is the use of one; null without a feature that counts.
create table recount.events as
with happened as (
    select
        events.household_id,
        events.user_id,
        cast(events.event_at as date) as day,
        case when events.event_name = 'feature_used' then events.feature_name else event_features.feature_name end
            as feature_name
    from raw_kept.product__events as events
    left join recount.event_features
        on events.event_name = event_features.event_name
),

days as (
    select
        happened.household_id,
        happened.user_id,
        happened.day,
        bit_or(adoptable.feature) as features
    from happened
    left join recount.adoptable
        on happened.feature_name = adoptable.feature_name
    group by 1, 2, 3
)

-- A member counts by the end of the day; one that joined twice may be under either row.
select distinct
    memberships.home,
    memberships.member,
    days.day,
    days.features
from days
inner join recount.households
    on days.household_id = households.household_id
inner join recount.memberships
    on households.home = memberships.home
    and days.user_id = memberships.user_id
    and days.day >= memberships.joined_day
    and days.day < memberships.left_day;
