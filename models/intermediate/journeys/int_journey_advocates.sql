-- Runs of days on which a household counts as an advocate: by referrals, by a review, or by its latest NPS answer.
with referrals as (
    select
        referrer_household_id as household_id,
        converted_at,
        lag(converted_at, {{ var('advocate_min_referrals') - 1 }}) over (
            partition by referrer_household_id order by converted_at, referral_id
        ) as earlier_at
    from {{ ref('fct_referrals') }}
    where converted_at is not null and not is_self_referral
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

select household_id, 'referrals' as kind, converted_at as valid_from, earlier_at + {{ var('advocate_referral_days') }} as valid_until
from referrals
where converted_at < earlier_at + {{ var('advocate_referral_days') }}
union
select household_id, 'review', cast(submitted_at as date), cast(submitted_at as date) + {{ var('advocate_review_days') }}
from {{ ref('stg_cs__reviews') }}
where rating >= {{ var('advocate_min_rating') }}
union
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
