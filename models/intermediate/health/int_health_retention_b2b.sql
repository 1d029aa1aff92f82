with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

metrics as (
    select
        customers.household_id,
        customers.score_date,
        activity.days_since_last_login,
        {{ safe_ratio('activity.session_events_30', 'activity.sessions_30') }} as events_per_session_30,
        features.adoption_ratio,
        tickets.tickets_30,
        surveys.mean_csat_90,
        surveys.nps_score,
        sentiment.mean_ticket_sentiment_90,
        billing.charges_succeeded_share_180,
        billing.mrr_percentile,
        billing.mrr_change_365d,
        relations.email_open_rate_90,
        relations.webinars_attended_90,
        relations.downloads_90,
        relations.executive_meetings_90,
        relations.champion_present
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} as activity using (household_id, score_date)
    inner join {{ ref('int_features_at_score_dates') }} as features using (household_id, score_date)
    inner join {{ ref('int_tickets_at_score_dates') }} as tickets using (household_id, score_date)
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys using (household_id, score_date)
    inner join {{ ref('int_sentiment_at_score_dates') }} as sentiment using (household_id, score_date)
    inner join {{ ref('int_billing_at_score_dates') }} as billing using (household_id, score_date)
    inner join {{ ref('int_relations_at_score_dates') }} as relations using (household_id, score_date)
),

parts as (
    select
        household_id,
        score_date,
        {{ points('b2b_product_usage') }} as product_usage,
        cast(coalesce(days_since_last_login, adoption_ratio, events_per_session_30) is not null as integer) as product_usage_known
        {%- for part in ['engagement', 'support', 'financial', 'relationship'] %}
        {%- set line = line_part('retention_b2b', part) %},
        {{ line.score }} as {{ part }},
        {{ line.known }} as {{ part }}_known
        {%- endfor %}
    from metrics
),

{%- set total = weighted_score('retention_b2b', '{}', '{}_known') %}

scored as (
    select *, {{ total.score }} as raw_score, {{ total.known }} as known_weight from parts
)

select
    household_id,
    score_date,
    {%- for part in ['product_usage', 'engagement', 'support', 'financial', 'relationship'] %}
    cast({{ part }} as decimal(12, 9)) as {{ part }},
    {%- endfor %}
    {{ rounded_score('raw_score', 'known_weight') }} as overall_score,
    cast(known_weight as decimal(9, 6)) as known_weight
from scored
order by score_date
