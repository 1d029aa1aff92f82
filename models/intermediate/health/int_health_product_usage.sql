with customers as (
    select household_id, score_date, member_count
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

metrics as (
    select
        customers.household_id,
        customers.score_date,
        -- The mean of the seven daily shares, at most 1 (decision 2).
        {{ clip(safe_ratio('activity.active_member_days_7', '7 * customers.member_count'), 0, 1) }} as dau_ratio,
        activity.tasks_7,
        activity.app_opens_7,
        members.pet_active_7
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} as activity
        on customers.household_id = activity.household_id and customers.score_date = activity.score_date
    inner join {{ ref('int_members_at_score_dates') }} as members
        on customers.household_id = members.household_id and customers.score_date = members.score_date
)

select household_id, score_date, dau_ratio, {{ points('product_usage') }} as product_usage from metrics
order by score_date
