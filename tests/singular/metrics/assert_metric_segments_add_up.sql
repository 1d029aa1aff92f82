-- Plans and regions add up to all: in the numerator, the sample and the unknowns of each metric and period.
with by_kind as (
    select
        metric,
        period_grain,
        period_start,
        segment_type,
        coalesce(sum(numerator), 0) as numerator,
        sum(sample_size) as sample_size,
        sum(unknown_count) as unknown_count
    from {{ ref('fct_metric_values') }}
    group by metric, period_grain, period_start, segment_type
)

select *
from by_kind as segments
inner join by_kind as whole
    on
        segments.metric = whole.metric
        and segments.period_grain = whole.period_grain
        and segments.period_start = whole.period_start
where
    whole.segment_type = 'all'
    and (
        segments.numerator <> whole.numerator
        or segments.sample_size <> whole.sample_size
        or segments.unknown_count <> whole.unknown_count
    )
