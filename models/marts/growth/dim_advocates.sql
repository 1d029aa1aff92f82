with points as (
    select activity, points, is_rewarded from {{ ref('advocacy_points') }} where is_enabled
),

done as (
    select household_id, activity, cast(completed_at as date) as earned_on from {{ ref('stg_cs__advocacy_activities') }}
    where activity <> 'referral'
    union all
    select referrer_household_id, 'referral', converted_at from {{ ref('fct_referrals') }}
    where converted_at is not null and not is_self_referral
),

earned as (
    select done.household_id, done.activity, points.is_rewarded, count(*) as times, sum(points.points) as points, min(done.earned_on) as since
    from done
    inner join points on done.activity = points.activity
    group by done.household_id, done.activity, points.is_rewarded
),

summed as (
    select
        household_id,
        cast(sum(points) as bigint) as points_earned,
        cast(
            to_json(list({'activity': activity, 'times': times, 'is_rewarded': is_rewarded} order by activity)) as varchar
        ) as activities,
        min(since) as since
    from earned
    group by household_id
),

spent as (
    select credits.household_id, cast(sum(rewards.points) as bigint) as points_spent
    from {{ ref('stg_cs__credits') }} as credits
    inner join {{ ref('growth_rewards') }} as rewards
        on credits.reason = 'advocacy:' || rewards.reward and rewards.program = 'advocacy'
    group by credits.household_id
)

select
    summed.household_id,
    summed.points_earned,
    coalesce(spent.points_spent, 0) as points_spent,
    summed.points_earned - coalesce(spent.points_spent, 0) as points,
    tiers.tier,
    summed.activities,
    summed.since
from summed
asof inner join {{ ref('advocate_tiers') }} as tiers on summed.points_earned >= tiers.min_points
left join spent on summed.household_id = spent.household_id
where summed.points_earned > 0
