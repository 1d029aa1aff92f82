-- Nothing is offered to a household with an open ticket of severity High or Critical, one on red alert, or one at risk today.
select household_id from {{ ref('int_growth_open_tickets') }}
union
select household_id from {{ ref('int_feedback_loops') }} where is_red_alert
union
select household_id from {{ ref('fct_lifecycle_stages') }} where is_current and stage_today = 'at_risk'
