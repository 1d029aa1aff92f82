{%- set rules = rule_rows('sentiment_alerts', order_by='alert') %}

with days as (
    -- Rounded to nine decimals, so that a drop from .4 to .1 is exactly .3.
    select *, round(mean_before - mean_of_window, 9) as sentiment_drop from {{ ref('int_sentiment_alert_inputs') }}
),

alerts as (
    {%- for rule in rules %}
    select household_id, message_date, '{{ rule.alert }}' as alert, cast({{ rule.metric }} as double) as value
    from days
    where {{ rule.metric }} {{ rule.operator }} {{ rule.threshold }}
    union all
    {%- endfor %}
    select household_id, message_date, null, null from days where false
)

select
    alerts.household_id,
    alerts.alert,
    rules.severity,
    alerts.value,
    cast(rules.threshold as double) as threshold,
    alerts.message_date as detected_on
from alerts
inner join {{ ref('sentiment_alerts') }} as rules on alerts.alert = rules.alert
