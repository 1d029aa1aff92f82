-- Households and members under small numbers, and what members did, by day.
create table recount.households as
select
    cast(row_number() over (order by id) as integer) as home,
    id as household_id,
    region,
    cast(created_at as date) as signup_day,
    coalesce(cast(closed_at as date), date '9999-12-31') as closed_day
from raw_kept.app__households;

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

-- Features count by their catalogue; one bit for each that is advanced or premium.
create table recount.events as
with happened as (
    select
        household_id,
        user_id,
        cast(event_at as date) as day,
        case event_name
            when 'photo_upload' then 'photo_uploads'
            when 'feature_used' then feature_name
        end as feature
    from raw_kept.product__events
),

days as (
    select
        household_id,
        user_id,
        day,
        bit_or(case feature
            when 'recurring_tasks' then 1
            when 'reminders' then 2
            when 'photo_uploads' then 4
            when 'qr_code_sharing' then 8
            when 'notifications' then 16
            when 'calendar_sync' then 32
            when 'advanced_analytics' then 64
            when 'custom_templates' then 128
            when 'priority_support' then 256
            else 0
        end) as features
    from happened
    group by 1, 2, 3
)

-- A member counts by the end of the day; who joined twice may be there under either row.
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
