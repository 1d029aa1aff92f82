-- Daily by weekly active members of each week from Monday to Sunday, from signup on.
select
    household_id,
    {{ sunday_from('activity_date') }} as week_end,
    count(*) / (7.0 * count(distinct user_id)) as dau_wau_ratio
from {{ ref('int_member_days') }}
group by all
