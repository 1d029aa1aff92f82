with scores as (
    select
        scores.household_id,
        scores.score_date,
        customers.plan_type,
        scores.overall_score as health_score,
        scores.segment as health_segment
    from {{ ref('fct_health_scores') }} as scores
    inner join {{ ref('int_household_score_dates') }} as customers using (household_id, score_date)
    where scores.health_model = '{{ var('primary_health_model') }}'
),

periods as (
    select * from {{ ref('int_metric_periods') }}
),

households as (
    select household_id, region from {{ ref('stg_app__households') }}
),

bands as (
    select band from {{ ref('health_bands') }} where health_model = '{{ var("primary_health_model") }}'
),

score_dates as (
    select distinct score_date from scores
),

last_score_dates as (
    select periods.period_grain, periods.period_start, periods.period_end, max(score_dates.score_date) as score_date
    from periods
    inner join score_dates on score_dates.score_date between periods.period_start and periods.end_day
    group by periods.period_grain, periods.period_start, periods.period_end
)

select
    -- Null for a scorecard without this band.
    {%- for band in ['Healthy', 'At Risk', 'Critical'] %}
    case
        when '{{ band }}' in (select band from bands) then cast(scores.health_segment = '{{ band }}' as integer)
    end as {{ band | lower | replace(' ', '_') }}_customers,
    {%- endfor %}
    last_score_dates.period_grain,
    last_score_dates.period_start,
    last_score_dates.period_end,
    scores.household_id,
    scores.plan_type,
    households.region,
    cast(scores.health_score is not null as integer) as scored_customers,
    cast(scores.health_score is null as integer) as unscored_customers,
    scores.health_score as health_points,
    scores.health_score * scores.health_score as health_points_squared
from last_score_dates
inner join scores on last_score_dates.score_date = scores.score_date
inner join households on scores.household_id = households.household_id
