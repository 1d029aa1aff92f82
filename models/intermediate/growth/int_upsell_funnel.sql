-- Customers on Free at the start of the period and the moment of each step, every one only after the one before.
{%- set start = '(' ~ as_of_date() ~ ' - ' ~ var('funnel_days') ~ ')' %}
with churned as (
    select household_id from {{ ref('int_household_churn_spells') }}
    where churned_at <= {{ start }} and {{ open_end('reactivated_at') }} > {{ start }}
),

customers as (
    select periods.household_id
    from {{ ref('int_household_plan_periods') }} as periods
    inner join {{ ref('int_household_signups') }} as signups on periods.household_id = signups.household_id
    anti join churned on periods.household_id = churned.household_id
    where
        periods.valid_from <= {{ start }} and {{ open_end('periods.valid_until') }} > {{ start }}
        and periods.plan_rank = 0
        and {{ open_end('signups.closed_date') }} > {{ start }}
),

touches as (
    select household_id, occurred_at from {{ ref('int_growth_steps') }} where program = 'upsell' and occurred_on > {{ start }}
    union all
    select emails.household_id, emails.occurred_at
    from {{ ref('int_crm_engagement') }} as emails
    inner join {{ ref('upsell_templates') }} as templates on emails.template = templates.template
    where emails.engagement_type = 'email' and emails.engagement_event = 'sent' and cast(emails.occurred_at as date) > {{ start }}
),

reached as (
    select customers.household_id, min(touches.occurred_at) as reached_at
    from customers
    left join touches on customers.household_id = touches.household_id
    group by customers.household_id
),

views as (
    select activity.household_id, activity.event_at
    from {{ ref('fct_household_activity') }} as activity
    inner join {{ ref('fct_events') }} as events on activity.event_id = events.event_id
    where activity.activity_date > {{ start }} and events.page in (select page from {{ ref('premium_pages') }})
),

considered as (
    select reached.household_id, reached.reached_at, min(views.event_at) as considered_at
    from reached
    left join views on reached.household_id = views.household_id and reached.reached_at < views.event_at
    group by reached.household_id, reached.reached_at
),

changes as (
    select household_id, changed_at, change_type, upgrade_date is not null or change_type = 'trial_converted' as is_purchase
    from {{ ref('fct_subscription_changes') }}
    where changed_at > {{ start }}
),

tried as (
    select
        considered.household_id,
        considered.reached_at,
        considered.considered_at,
        min(changes.changed_at) filter (
            where changes.change_type = 'trial_started' and changes.changed_at >= cast(considered.considered_at as date)
        ) as trial_on,
        min(changes.changed_at) filter (where changes.is_purchase) as first_purchase_on,
        list(changes.changed_at) filter (where changes.is_purchase) as purchases
    from considered
    left join changes on considered.household_id = changes.household_id
    group by considered.household_id, considered.reached_at, considered.considered_at
)

select
    household_id,
    reached_at,
    considered_at,
    trial_on,
    list_min(list_filter(purchases, lambda day: day >= cast(considered_at as date))) as bought_on,
    list_min(list_filter(purchases, lambda day: day >= trial_on)) as bought_after_trial_on,
    case when first_purchase_on < coalesce(cast(reached_at as date), date '9999-12-31') then first_purchase_on end
        as bought_unreached_on
from tried
