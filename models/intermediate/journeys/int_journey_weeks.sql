-- Daily by weekly active members of each week from Monday to Sunday, from signup on.
select
    household_id,
    cast({{ dbt.date_trunc('week', 'activity_date') }} as date) + 6 as week_end,
    count(*) / (7.0 * count(distinct user_id)) as dau_wau_ratio
from {{ ref('int_member_days') }}
group by all
