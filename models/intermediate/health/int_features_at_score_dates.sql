with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 90
),

feature_days as (
    select
        household_id,
        feature_name,
        tier,
        activity_date,
        lead(activity_date, 1, date '9999-12-31') over (
            partition by household_id, feature_name order by activity_date
        ) - activity_date as days_to_next
    from {{ ref('int_feature_days') }}
    where tier is not null and activity_date > {{ first_day() }} - 30
),

-- Counts the last day of use in each window, so that each feature counts once per window.
used as (
    select
        feature_days.household_id,
        windows.score_date,
        count(*) as features_used_30,
        count(*) filter (where feature_days.tier = 'advanced') as advanced_features_30,
        count(*) filter (where feature_days.tier = 'premium') as premium_features_30
    from feature_days
    inner join windows on feature_days.activity_date = windows.activity_date
    where windows.days_before < 30 and windows.days_before < feature_days.days_to_next
    group by feature_days.household_id, windows.score_date
),

first_uses as (
    select uses.household_id, windows.score_date, count(*) as features_first_used_90
    from {{ ref('int_feature_first_last_uses') }} as uses
    inner join {{ ref('features') }} as catalogue on uses.feature_name = catalogue.feature_name
    inner join windows on cast(uses.first_used_at as date) = windows.activity_date
    group by uses.household_id, windows.score_date
),

catalogue as (
    select count(*) as features from {{ ref('features') }}
)

select
    customers.household_id,
    customers.score_date,
    {%- for column in ['features_used_30', 'advanced_features_30', 'premium_features_30'] %}
    {{ activity_or_unknown('used.' ~ column) }} as {{ column }},
    {%- endfor %}
    {{ activity_or_unknown('first_uses.features_first_used_90') }} as features_first_used_90,
    {{ safe_ratio(activity_or_unknown('used.features_used_30'), 'catalogue.features') }} as adoption_ratio
from customers
cross join catalogue
left join used on customers.household_id = used.household_id and customers.score_date = used.score_date
left join first_uses on customers.household_id = first_uses.household_id and customers.score_date = first_uses.score_date
order by score_date
