with customers as (
    select household_id, score_date, is_paying
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

metrics as (
    select
        customers.household_id,
        customers.score_date,
        {{ safe_ratio('activity.active_member_days_30', '30 * members.active_members_30') }} as stickiness_30,
        features.adoption_ratio,
        features.features_used_30,
        activity.tasks_7,
        activity.sessions_7,
        activity.days_since_last_login,
        tickets.open_tickets,
        tickets.escalated_tickets_90,
        surveys.mean_csat_90,
        surveys.nps_score,
        relations.meetings_attended_90,
        relations.outreach_replied_share_90,
        case when customers.is_paying then payments.payment / 100 end as payment_ratio,
        case when customers.is_paying then billing.billing_interval_months end as billing_interval_months,
        settings.limit_share
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} as activity using (household_id, score_date)
    inner join {{ ref('int_members_at_score_dates') }} as members using (household_id, score_date)
    inner join {{ ref('int_features_at_score_dates') }} as features using (household_id, score_date)
    inner join {{ ref('int_tickets_at_score_dates') }} as tickets using (household_id, score_date)
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys using (household_id, score_date)
    inner join {{ ref('int_billing_at_score_dates') }} as billing using (household_id, score_date)
    inner join {{ ref('int_relations_at_score_dates') }} as relations using (household_id, score_date)
    inner join {{ ref('int_settings_at_score_dates') }} as settings using (household_id, score_date)
    inner join {{ ref('int_health_payment') }} as payments
        on customers.household_id = payments.household_id and customers.score_date = payments.score_date
),

{%- set part_names = ['product_usage', 'engagement', 'support', 'relationship', 'financial'] %}

parts as (
    select
        household_id,
        score_date
        {%- for part in part_names %}
        {%- set line = line_part('graded', part) %},
        {{ line.score }} as {{ part }},
        {{ line.known }} as {{ part }}_known
        {%- endfor %}
    from metrics
),

{%- set total = weighted_score('graded', '{}', '{}_known') %}

scored as (
    select *, {{ total.score }} as raw_score, {{ total.known }} as known_weight from parts
)

select
    household_id,
    score_date,
    {%- for part in part_names %}
    cast({{ part }} as decimal(12, 9)) as {{ part }},
    {%- endfor %}
    {{ rounded_score('raw_score', 'known_weight') }} as overall_score,
    cast(known_weight as decimal(9, 6)) as known_weight
from scored
order by score_date
