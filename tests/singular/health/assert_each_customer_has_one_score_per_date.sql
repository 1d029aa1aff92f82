-- Each customer has four scores and one row of the primary score at each score date; other households have none.
with customers as (
    select household_id, score_date from {{ ref('int_household_score_dates') }} where score_date > {{ history_start('published') }}
),

scored as (
    select household_id, score_date, count(*) as scores
    from {{ ref('fct_health_scores') }}
    group by household_id, score_date
)

select
    coalesce(customers.household_id, scored.household_id, health.household_id) as household_id,
    coalesce(customers.score_date, scored.score_date, health.score_date) as score_date,
    scored.scores
from customers
full join scored on customers.household_id = scored.household_id and customers.score_date = scored.score_date
full join {{ ref('fct_customer_health') }} as health
    on
        coalesce(customers.household_id, scored.household_id) = health.household_id
        and coalesce(customers.score_date, scored.score_date) = health.score_date
where customers.household_id is null or (scored.scores is distinct from 4) or health.household_id is null
