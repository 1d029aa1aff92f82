{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('cs', 'referrals', key=['id'], own_date='created_at') }}
),

codes as (
    {{ households_by_key('base_cs__referral_codes', 'referral_code') }}
),

with_referred as (
    {{ with_household_state('raw_rows', 'referred_household_id') }}
),

renamed as (
    select * exclude (household_state), household_state as referred_state from with_referred
),

with_referrer as (
    {{ with_household_state('renamed', 'referrer_household_id') }}
),

traced as (
    select
        with_referrer.* exclude (household_state),
        with_referrer.household_state as own_state,
        codes.household_id as code_household_id,
        coalesce(codes.household_state, 'unknown') as code_state
    from with_referrer
    left join codes on with_referrer.referral_code = codes.parent_key
),

-- The referrer is the row's, else that of the code. Who is referred may come later, or never.
homed as (
    select
        * exclude (own_state, code_household_id, code_state, referred_state),
        case when own_state = 'known' then referrer_household_id when code_state = 'known' then code_household_id end as household_id,
        case
            when referred_household_id is not null and referred_state in ('erased', 'unknown') then referred_state
            when own_state = 'known' or code_state = 'known' then 'known'
            when own_state = 'erased' or code_state = 'erased' then 'erased'
            else 'unknown'
        end as household_state,
        referred_household_id is not null and referred_state = 'later' as is_referred_later
    from traced
),

held as (
    select
        *,
        household_state = 'known' and key_rank = 1 and id is not null
        and not (is_later or was_deleted or is_test_mode or has_bad_timestamp or has_bad_value) as would_hold
    from homed
),

-- A household is referred once: the earliest of the rows that hold otherwise.
placed as (
    select
        * exclude (would_hold),
        would_hold and referred_household_id is not null
        and row_number() over (partition by referred_household_id, would_hold order by created_at, id) > 1 as is_repeated
    from held
),

judged as (
    {{ with_row_class('placed', key=['id'], other={'already_referred': 'is_repeated'}) }}
)

select * exclude (is_repeated) from judged
