-- The first angle in the order of the seed whose signal holds; any signal makes a candidate.
with customers as (
    select * from {{ ref('int_growth_today') }}
    where
        plan_type = (select plan_type from {{ ref('plans') }} where plan_rank = 0)
        and days_since_signup >= {{ var('upsell_min_days') }}
        and health_score >= {{ var('growth_min_health') }}
),

signals as (
    select household_id, 'recurring_tasks' as signal from customers where recurring_tasks >= {{ var('upsell_recurring_tasks') }}
    union all
    select household_id, 'photos' from customers
    where photos_uploaded_count >= {{ var('upsell_photos') }} and photos_30 > 0
    union all
    select household_id, 'analytics' from customers where analytics_uses_30 > 0
    union all
    select household_id, 'premium_page' from customers where premium_views_30 > 0
    union all
    select household_id, 'premium_clicks' from customers where premium_clicks_30 >= {{ var('upsell_clicks') }}
),

angled as (
    select signals.household_id, list(signals.signal order by angles.rule_order) as signals, min(angles.rule_order) as rule_order
    from signals
    inner join {{ ref('upsell_angles') }} as angles on signals.signal = angles.signal
    group by signals.household_id
)

select
    customers.household_id,
    'upsell' as program,
    angled.signals[1] as reason,
    to_json({
        'signals': angled.signals,
        'recurring_tasks': customers.recurring_tasks,
        'photos': customers.photos_uploaded_count,
        'premium_views_30': customers.premium_views_30,
        'premium_clicks_30': customers.premium_clicks_30,
        'health_score': customers.health_score
    }) as detail,
    angles.angle,
    angles.offer,
    row_number() over (
        order by customers.health_score desc, customers.premium_clicks_30 desc, customers.household_id
    ) as place
from customers
inner join angled on customers.household_id = angled.household_id
inner join {{ ref('upsell_angles') }} as angles on angled.rule_order = angles.rule_order
