with customers as (
    select * from {{ ref('int_household_score_dates') }} where is_current
),

adoption as (
    select * from {{ ref('int_health_premium_adoption') }}
),

uses as (
    select * from {{ ref('int_premium_use_at_score_dates') }}
),

settings as (
    select household_id, score_date, calendar_sync_enabled from {{ ref('int_settings_at_score_dates') }}
)

select
    customers.household_id,
    customers.plan_type,
    uses.level_from as upgraded_on,
    customers.score_date - uses.level_from as days_since_upgrade,
    cast(adoption.premium_adoption as decimal(9, 6)) as premium_adoption_score,
    concat_ws(
        ', ',
        case when settings.calendar_sync_enabled = 0 then 'calendar_sync' end,
        case when uses.analytics_views = 0 then 'advanced_analytics' end,
        case when uses.templates_created = 0 then 'custom_templates' end,
        case when uses.priority_support_uses = 0 then 'priority_support' end,
        case when uses.onboardings_completed = 0 then 'premium_onboarding' end
    ) as missing_features,
    customers.mrr
from customers
inner join adoption on customers.household_id = adoption.household_id and customers.score_date = adoption.score_date
inner join uses on customers.household_id = uses.household_id and customers.score_date = uses.score_date
inner join settings on customers.household_id = settings.household_id and customers.score_date = settings.score_date
where
    customers.score_date - uses.level_from >= {{ var('premium_risk_after_days') }}
    and adoption.premium_adoption < {{ var('premium_risk_below') }}
