-- depends_on: {{ ref('int_household_score_dates') }}
with metrics as (
    select premium.*, settings.calendar_sync_enabled
    from {{ ref('int_premium_use_at_score_dates') }} as premium
    inner join {{ ref('int_settings_at_score_dates') }} as settings
        on premium.household_id = settings.household_id and premium.score_date = settings.score_date
    where premium.score_date >= {{ first_day() }}
)

select household_id, score_date, level_from, {{ points('premium_adoption') }} as premium_adoption from metrics
order by score_date
