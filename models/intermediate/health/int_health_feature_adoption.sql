with customers as (
    select household_id, score_date, plan_rank
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

metrics as (
    select customers.*, settings.* exclude (household_id, score_date, plan_type, member_count)
    from customers
    inner join {{ ref('int_settings_at_score_dates') }} as settings
        on customers.household_id = settings.household_id and customers.score_date = settings.score_date
)

select household_id, score_date, {{ points('feature_adoption') }} as feature_adoption from metrics
order by score_date
