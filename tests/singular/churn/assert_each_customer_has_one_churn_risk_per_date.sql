-- One row for each customer at each published score date.
select
    coalesce(customers.household_id, risk.household_id) as household_id,
    coalesce(customers.score_date, risk.score_date) as score_date
from (select household_id, score_date from {{ ref('int_household_score_dates') }} where score_date > {{ history_start('published') }}) as customers
full join {{ ref('fct_churn_risk') }} as risk
    on customers.household_id = risk.household_id and customers.score_date = risk.score_date
where customers.household_id is null or risk.household_id is null
