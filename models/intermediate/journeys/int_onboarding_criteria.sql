-- The first day on which a household met a criterion of the onboarding steps. Premium adoption has a model of its own.
with steps as (
    select distinct criterion, criterion_value from {{ ref('onboarding_steps') }}
),

members as (
    select
        household_id,
        min(member_from) as joined_on,
        row_number() over (partition by household_id order by min(member_from), user_id) as member_rank
    from {{ ref('int_member_spells') }}
    group by household_id, user_id
),

tiers as (
    select
        usage.household_id,
        cast(usage.first_used_at as date) as used_on,
        -- The tiers in their order: a feature of a higher one fulfils the lower ones too.
        unnest(case features.tier when 'premium' then ['premium', 'advanced', 'core'] when 'advanced' then ['advanced', 'core']
            else [features.tier] end) as tier
    from {{ ref('int_feature_first_last_uses') }} as usage
    inner join {{ ref('features') }} as features on usage.feature_name = features.feature_name
),

met as (
    select household_id, 'signup' as criterion, cast(null as varchar) as criterion_value, signup_date as met_on
    from {{ ref('int_household_signups') }}
    union all
    select household_id, 'event', event_type, min(activity_date)
    from {{ ref('fct_household_activity') }}
    where event_type in (select criterion_value from steps where criterion = 'event')
    group by household_id, event_type
    union all
    select household_id, 'feature_setting', feature_name, min(cast(changed_at as date))
    from {{ ref('stg_app__feature_settings') }}
    where is_enabled
    group by household_id, feature_name
    union all
    select household_id, 'pet', null, min(added_date) from {{ ref('stg_app__pets') }} group by household_id
    union all
    select household_id, 'member', cast(member_rank as varchar), joined_on from members
    union all
    select household_id, 'engagement', template, min(cast(occurred_at as date))
    from {{ ref('int_crm_engagement') }}
    where engagement_type = 'meeting' and engagement_event = 'held'
    group by household_id, template
    union all
    select daily.household_id, 'active_members', steps.criterion_value, min(daily.activity_date)
    from {{ ref('fct_household_daily') }} as daily
    inner join steps
        on steps.criterion = 'active_members' and daily.active_members >= cast(steps.criterion_value as integer)
    group by daily.household_id, steps.criterion_value
    union all
    select household_id, 'feature_tier', tier, min(used_on) from tiers group by household_id, tier
)

select met.household_id, met.criterion, met.criterion_value, met.met_on
from met
inner join steps
    on met.criterion = steps.criterion and met.criterion_value is not distinct from steps.criterion_value
where met.household_id is not null and met.met_on <= {{ as_of_date() }}
