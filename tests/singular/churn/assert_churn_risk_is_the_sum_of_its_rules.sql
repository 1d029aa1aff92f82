-- The score equals the sum of the points of its rules, at most 100.
select *
from {{ ref('fct_churn_risk') }}
where
    (churn_risk_score is distinct from least(
        100,
        coalesce(health_points, 0) + coalesce(inactivity_points, 0) + coalesce(tickets_points, 0)
        + coalesce(critical_tickets_points, 0) + coalesce(failed_charges_points, 0) + coalesce(leaving_points, 0)
    ))
    and (
        churn_risk_score is not null
        or coalesce(
            health_points, inactivity_points, tickets_points, critical_tickets_points, failed_charges_points, leaving_points
        ) is not null
    )
