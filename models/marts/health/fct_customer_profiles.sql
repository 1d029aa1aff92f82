with profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

predictions as (
    select household_id, churn_probability from {{ ref('ml_churn_predictions') }}
),

red_alerts as (
    select distinct household_id from {{ ref('int_feedback_loops') }} where is_red_alert
),

advocates as (
    select household_id, max_by(nps_category, (responded_at, response_id)) = 'Promoter' as is_advocate
    from {{ ref('fct_nps_surveys') }}
    where nps_score is not null
    group by household_id
)

select
    profiles.*,
    predictions.churn_probability,
    {{ 'red_alerts.household_id is not null' if loops_are_known() else 'cast(null as boolean)' }} as is_red_alert,
    advocates.is_advocate
from profiles
left join predictions using (household_id)
left join red_alerts using (household_id)
left join advocates using (household_id)
