-- NPS of each month from the survey tool's answers: a household's last one that has a score, 9 and 10 less 0 to 6.
with answers as (
    select
        household_id,
        cast(date_trunc('month', responded_at) as date) as period_start,
        max_by(score, (responded_at, response_id)) as score
    from {{ ref('stg_survey__response') }}
    where survey_type = 'NPS' and score is not null
    group by household_id, cast(date_trunc('month', responded_at) as date)
),

anew as (
    select
        period_start,
        count(*) as respondents,
        100.0 * (count(*) filter (where score >= 9) - count(*) filter (where score <= 6)) / count(*) as nps
    from answers
    group by period_start
),

ledger as (
    select period_start, denominator, sample_size, raw_value
    from {{ ref('fct_metric_values') }}
    where metric = 'nps' and period_grain = 'month' and segment_type = 'all'
)

select
    coalesce(ledger.period_start, anew.period_start) as period_start,
    ledger.raw_value,
    anew.nps,
    ledger.sample_size,
    anew.respondents
from ledger
full join anew on ledger.period_start = anew.period_start
where
    coalesce(ledger.sample_size, 0) <> coalesce(anew.respondents, 0)
    or coalesce(abs(ledger.raw_value - anew.nps) > 1e-9, (ledger.raw_value is null) <> (anew.nps is null))
