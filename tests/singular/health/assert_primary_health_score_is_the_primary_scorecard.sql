-- The health score in fct_customer_health and dim_households equals the score of the primary scorecard.
select health.household_id, health.score_date, health.health_score, scores.overall_score, households.health_score as shown
from {{ ref('fct_customer_health') }} as health
left join {{ ref('fct_health_scores') }} as scores
    on
        health.household_id = scores.household_id
        and health.score_date = scores.score_date
        and scores.health_model = '{{ var("primary_health_model") }}'
left join {{ ref('dim_households') }} as households on health.household_id = households.household_id and health.is_current
where
    (health.health_score is distinct from scores.overall_score)
    or (health.health_segment is distinct from scores.segment)
    or (health.is_current and (health.health_score is distinct from households.health_score))
