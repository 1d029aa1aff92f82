-- Activity of a household's members by month.
with days as (
    select months.month_start, dates.date_day
    from {{ ref('int_engagement_months') }} as months
    inner join {{ ref('dim_dates') }} as dates on months.month_start = dates.month_start
),

daily as (
    select
        daily.household_id,
        days.month_start,
        count(*) filter (where daily.sessions > 0) as login_days,
        cast(sum(daily.sessions) as bigint) as sessions,
        -- Sums of whole microseconds do not depend on row order.
        cast(sum(cast(daily.session_minutes * 60000000 as bigint)) as bigint) as session_us,
        cast(sum(daily.events) as bigint) as actions
    from {{ ref('fct_household_daily') }} as daily
    inner join days on daily.activity_date = days.date_day
    group by daily.household_id, days.month_start
),

members as (
    select member_days.household_id, days.month_start, count(distinct member_days.user_id) as active_members
    from {{ ref('int_member_days') }} as member_days
    inner join days on member_days.activity_date = days.date_day
    group by member_days.household_id, days.month_start
),

features as (
    select feature_days.household_id, days.month_start, count(distinct feature_days.feature_name) as features_used
    from {{ ref('int_feature_days') }} as feature_days
    inner join days on feature_days.activity_date = days.date_day
    where feature_days.tier is not null
    group by feature_days.household_id, days.month_start
)

select
    daily.*,
    members.active_members,
    coalesce(features.features_used, 0) as features_used
from daily
inner join members on daily.household_id = members.household_id and daily.month_start = members.month_start
left join features on daily.household_id = features.household_id and daily.month_start = features.month_start
