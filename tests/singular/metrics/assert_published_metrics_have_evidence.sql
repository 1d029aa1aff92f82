-- What is published has the sample that its metric asks for, an interval around the value, and a period that is over.
select
    published.metric,
    published.period_grain,
    published.period_start,
    published.period_end,
    published.segment,
    published.sample_size,
    definitions.min_sample,
    published.value,
    published.ci_low,
    published.ci_high
from {{ ref('published_metrics') }} as published
left join {{ ref('dim_metrics') }} as definitions on published.metric = definitions.metric
where
    coalesce(published.sample_size < definitions.min_sample, true)
    or coalesce(published.value not between published.ci_low - 1e-9 and published.ci_high + 1e-9, true)
    or published.period_end > {{ as_of_date() }}
