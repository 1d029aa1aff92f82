-- The engagement score of each complete month. Unknown until fct_customer_engagement is there.
select
    household_id,
    cast(null as date) as month_start,
    cast(null as integer) as engagement_score
from {{ ref('int_household_signups') }}
where false
