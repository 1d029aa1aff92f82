with customers as (
    select household_id, score_date, plan_rank
    from {{ ref('int_household_score_dates') }}
    where is_paying and plan_rank > 0 and score_date >= {{ first_day() }}
),

levels as (
    select * from {{ ref('int_plan_levels') }}
),

uses as (
    select household_id, feature_name, activity_date, uses
    from {{ ref('int_feature_days') }}
    where feature_name in ('advanced_analytics', 'custom_templates', 'priority_support', 'premium_onboarding')
),

-- Uses since the household reached its plan level, by day.
used_on_level as (
    select
        levels.household_id,
        levels.level_rank,
        levels.level_from,
        {%- for feature in ['advanced_analytics', 'custom_templates', 'priority_support', 'premium_onboarding'] %}
        cast(sum(sum(uses.uses) filter (where uses.feature_name = '{{ feature }}')) over up_to_day as bigint)
            as {{ feature }},
        {%- endfor %}
        uses.activity_date
    from levels
    inner join uses
        on
            levels.household_id = uses.household_id
            and uses.activity_date >= levels.level_from
            and uses.activity_date < {{ open_end('levels.level_until') }}
    group by levels.household_id, levels.level_rank, levels.level_from, uses.activity_date
    window up_to_day as (
        partition by levels.household_id, levels.level_rank, levels.level_from
        order by uses.activity_date
        rows between unbounded preceding and current row
    )
),

on_level as (
    select customers.*, levels.level_from
    from customers
    asof inner join levels
        on
            customers.household_id = levels.household_id
            and customers.plan_rank = levels.level_rank
            and customers.score_date >= levels.level_from
)

select
    on_level.household_id,
    on_level.score_date,
    on_level.level_from,
    {{ activity_or_unknown('used_on_level.advanced_analytics') }} as analytics_views,
    {{ activity_or_unknown('used_on_level.custom_templates') }} as templates_created,
    {{ activity_or_unknown('used_on_level.priority_support') }} as priority_support_uses,
    {{ activity_or_unknown('used_on_level.premium_onboarding') }} as onboardings_completed
from on_level
asof left join used_on_level
    on
        on_level.household_id = used_on_level.household_id
        and on_level.plan_rank = used_on_level.level_rank
        and on_level.level_from = used_on_level.level_from
        and on_level.score_date >= used_on_level.activity_date
order by score_date
