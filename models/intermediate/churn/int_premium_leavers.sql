-- Households that changed from paid Premium to Free, and a comparison group that was on paid Premium on such a day and
-- stayed. Each household appears once.
with changes as (
    select household_id, changed_at
    from {{ ref('fct_subscription_changes') }}
    where change_type = 'Premium_to_Free'
),

-- The latest downgrade of a household whose outcome window is complete.
downgrades as (
    select household_id, max(changed_at) as studied_date
    from changes
    where changed_at + {{ var('premium_study_days') }} <= {{ as_of_date() }}
    group by household_id
),

premium as (
    select household_id, valid_from, valid_until, coalesce(plan_type = 'Premium' and is_paying, false) as is_premium
    from {{ ref('int_household_plan_periods') }}
),

-- Uninterrupted runs of periods on paid Premium.
numbered as (
    select
        *,
        count(*) filter (where not is_premium) over (partition by household_id order by valid_from) as run_number
    from premium
),

runs as (
    select household_id, min(valid_from) as premium_from, max({{ open_end('valid_until') }}) as premium_until
    from numbered
    where is_premium
    group by household_id, run_number
),

-- The studied day of a comparison household is drawn by a stable hash from all eligible downgrade days, so months with more
-- downgrades also provide more comparisons.
stayed as (
    select runs.household_id, min_by(days.studied_date, md5(runs.household_id || days.studied_date)) as studied_date
    from runs
    inner join (select distinct studied_date from downgrades) as days
        on
            runs.premium_from <= days.studied_date
            and runs.premium_until > days.studied_date + {{ var('premium_study_days') }}
    where runs.household_id not in (select household_id from changes)
    group by runs.household_id
)

select household_id, studied_date, 'downgraded' as customer_type from downgrades
union all
select household_id, studied_date, 'stayed' as customer_type from stayed
