-- Runs of churned days, and how they began: closed (0), lapsed (1) or dark (2).
create temp table household_spells as
with turns as (
    select
        *,
        lag(is_churned, 1, false) over (partition by household_id order by day) as was_churned,
        max(case when is_paying then day end) over (
            partition by household_id
            order by day
            rows between unbounded preceding and 1 preceding
        ) + 1 as paying_ended_on
    from household_days
),

spells as (
    select
        household_id,
        signup_date,
        day as churned_at,
        is_churned,
        last_active,
        paying_ended_on,
        day is not distinct from closed_date as is_closing,
        coalesce(paying_ended_on >= day - int_var('lapse_window_days'), false) as is_lapse,
        lead(day) over (partition by household_id order by day) as reactivated_at
    from turns
    where is_churned <> was_churned
)

select
    household_id,
    row_number() over (partition by household_id order by churned_at) as churn_number,
    churned_at,
    reactivated_at,
    case when is_closing then 0 when is_lapse then 1 else 2 end as kind,
    case
        when is_closing then churned_at
        when is_lapse then greatest(paying_ended_on, last_active)
        else last_active
    end as left_at
from spells
where is_churned and churned_at > signup_date
