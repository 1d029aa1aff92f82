with periods as (
    select household_id, signup_date, period_from, period_until from {{ ref('int_customer_periods') }}
),

months as (
    select * from {{ ref('int_engagement_months') }}
),

-- Months since signup; those with a day as a customer are shown.
household_months as (
    select
        periods.household_id,
        months.month_start,
        months.is_complete,
        months.is_shown and bool_or(
            periods.period_from <= months.month_end and {{ open_end('periods.period_until') }} > months.month_start
        ) as is_shown
    from periods
    inner join months on periods.signup_date <= months.month_end
    group by periods.household_id, months.month_start, months.is_complete, months.is_shown
),

{%- set activity = ['login_days', 'active_members', 'sessions', 'features_used', 'actions'] %}
{%- set contacts = {'emails_opened': 'email_event', 'emails_clicked': 'email_event', 'meetings_held': 'engagement_meeting'} %}

measured as (
    select
        household_months.*,
        {%- for column in activity %}
        {{ activity_or_unknown('activity.' ~ column) }} as {{ column }},
        {%- endfor %}
        {%- for column, table in contacts.items() %}
        {{ crm_count_or_unknown('contacts.' ~ column, table) }} as {{ column }},
        {%- endfor %}
        {{ count_or_unknown('contacts.tickets', 'zendesk', 'ticket') }} as tickets,
        {{ safe_ratio('activity.sessions', 'activity.active_members') }} as sessions_per_member,
        {{ safe_ratio('activity.session_us / 60000000.0', 'activity.sessions') }} as avg_session_minutes,
        {{ safe_ratio('contacts.care_tasks_on_time', 'contacts.care_tasks_due') }} as care_on_time_rate,
        contacts.csat
    from household_months
    left join {{ ref('int_engagement_activity') }} as activity using (household_id, month_start)
    left join {{ ref('int_engagement_contacts') }} as contacts using (household_id, month_start)
),

{%- set score = engagement_score() %}

compared as (
    select
        *,
        {%- for column in ['login_days', 'actions', 'csat'] %}
        lag({{ column }}) over (partition by household_id order by month_start) as {{ column }}_before,
        {%- endfor %}
        cast({{ score.known }} as decimal(9, 6)) as known_weight,
        case when is_complete then {{ rounded_score(score.score, score.known) }} end as engagement_score
    from measured
)

select
    * exclude (is_shown, login_days_before, actions_before, csat_before),
    case when is_complete then {{ safe_ratio('login_days - login_days_before', 'login_days_before') }} end as login_change,
    case when is_complete then {{ safe_ratio('actions - actions_before', 'actions_before') }} end as action_change,
    case when is_complete then {{ safe_ratio('csat - csat_before', 'csat_before') }} end as csat_change,
    {{ band_in('engagement_levels', 'engagement_score') }} as engagement_level
from compared
where is_shown
