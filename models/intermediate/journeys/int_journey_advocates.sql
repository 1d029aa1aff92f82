-- Runs of days on which a household counts as an advocate: by referrals, by a review, or by its latest NPS answer.
with referrals as (
    select
        household_id,
        converted_on,
        lag(converted_on, {{ var('advocate_min_referrals') - 1 }}) over (partition by household_id order by converted_on) as earlier_on
    from {{ ref('int_journey_referrals') }}
),

answers as (
    select
        household_id,
        cast(responded_at as date) as day,
        max_by(nps_score, (responded_at, response_id)) as nps_score
    from {{ ref('fct_nps_surveys') }}
    where nps_score is not null
    group by household_id, cast(responded_at as date)
),

latest as (
    select *, lead(day) over (partition by household_id order by day) as next_day from answers
)

select household_id, 'referrals' as kind, converted_on as valid_from, earlier_on + {{ var('advocate_referral_days') }} as valid_until
from referrals
where converted_on < earlier_on + {{ var('advocate_referral_days') }}
union all
select household_id, 'review', cast(submitted_at as date), cast(submitted_at as date) + {{ var('advocate_review_days') }}
from {{ ref('stg_cs__reviews') }}
where rating >= {{ var('advocate_min_rating') }}
union all
select
    latest.household_id,
    'nps',
    greatest(latest.day, periods.signup_date + {{ var('advocate_after_days') }} + 1),
    least({{ open_end('latest.next_day') }}, latest.day + {{ var('nps_valid_days') }})
from latest
inner join {{ ref('int_customer_periods') }} as periods
    on latest.household_id = periods.household_id and periods.period_number = 1
where
    latest.nps_score >= {{ var('advocate_min_nps') }}
    and greatest(latest.day, periods.signup_date + {{ var('advocate_after_days') }} + 1)
    < least({{ open_end('latest.next_day') }}, latest.day + {{ var('nps_valid_days') }})
