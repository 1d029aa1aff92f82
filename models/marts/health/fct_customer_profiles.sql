{%- set answers_are_known = source_is_present('survey', 'response') or source_is_present('cs', 'reviews') -%}
with profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

predictions as (
    select household_id, churn_probability from {{ ref('ml_churn_predictions') }}
),

red_alerts as (
    select distinct household_id
    from {{ ref('int_feedback_loops') }}
    where kind = 'resolution' and status in ('open', 'overdue')
),

latest_nps as (
    select household_id, max_by(nps_score, (responded_at, response_id)) as nps_score
    from {{ ref('fct_nps_surveys') }}
    where nps_score is not null
    group by household_id
),

advocates as (
    select latest_nps.household_id, categories.category = 'Promoter' as is_advocate
    from latest_nps
    inner join {{ ref('nps_categories') }} as categories
        on latest_nps.nps_score between categories.min_score and categories.max_score
)

select
    profiles.*,
    predictions.churn_probability,
    {{ 'red_alerts.household_id is not null' if answers_are_known else 'cast(null as boolean)' }} as is_red_alert,
    advocates.is_advocate
from profiles
left join predictions using (household_id)
left join red_alerts using (household_id)
left join advocates using (household_id)
