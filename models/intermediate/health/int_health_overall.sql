select
    customers.household_id,
    customers.score_date,
    customers.is_current,
    customers.previous_score_date,
    customers.trend_score_date,
    parts.guide_score as guide_v1,
    parts.value_score as value_v2,
    retention.overall_score as retention_b2b,
    graded.overall_score as graded,
    {{ band_of('graded', 'graded.overall_score') }} as health_grade
from {{ ref('int_household_score_dates') }} as customers
inner join {{ ref('int_health_parts') }} as parts
    on customers.household_id = parts.household_id and customers.score_date = parts.score_date
inner join {{ ref('int_health_retention_b2b') }} as retention
    on customers.household_id = retention.household_id and customers.score_date = retention.score_date
inner join {{ ref('int_health_graded') }} as graded
    on customers.household_id = graded.household_id and customers.score_date = graded.score_date
where customers.score_date >= {{ first_day() }}
order by score_date
