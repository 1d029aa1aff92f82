with dates as (
    select * from {{ ref('int_journey_dates') }}
),

-- Pets and members of the first days are set-up, not growth.
additions as (
    select additions.household_id, additions.day
    from (
        select household_id, added_date as day from {{ ref('stg_app__pets') }}
        union
        select household_id, joined_date from {{ ref('stg_app__household_members') }}
    ) as additions
    inner join {{ ref('int_household_signups') }} as signups on additions.household_id = signups.household_id
    where additions.day > signups.signup_date + {{ var('journey_onboarding_days') }}
),

advocates as (
    select distinct dates.household_id, dates.day
    from dates
    inner join {{ ref('int_journey_advocates') }} as advocates
        on
            dates.household_id = advocates.household_id
            and dates.day >= advocates.valid_from
            and dates.day < advocates.valid_until
),

with_ratio as (
    select dates.*, case when dates.is_sunday then weeks.dau_wau_ratio end as dau_wau_ratio
    from dates
    left join {{ ref('int_journey_weeks') }} as weeks on dates.household_id = weeks.household_id and dates.day = weeks.week_end
)

select
    with_ratio.* exclude (dau_wau_ratio),
    -- Any 28 days hold four Sundays.
    avg(with_ratio.dau_wau_ratio) over (
        partition by with_ratio.household_id order by with_ratio.day range between interval 27 days preceding and current row
    ) as mean_dau_wau,
    coalesce(with_ratio.day - additions.day < {{ var('journey_growth_days') }}, false)
    and with_ratio.days_since_signup > {{ var('journey_growth_after_days') }} as is_growing,
    advocates.household_id is not null as is_advocate
from with_ratio
asof left join additions on with_ratio.household_id = additions.household_id and with_ratio.day >= additions.day
left join advocates on with_ratio.household_id = advocates.household_id and with_ratio.day = advocates.day
