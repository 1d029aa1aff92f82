with summed as (
    select
        month_start,
        channel,
        theme,
        cast(sum(mentions) as bigint) as mentions,
        count(*) as households,
        cast(sum(positive) as bigint) as positive,
        cast(sum(negative) as bigint) as negative
    from {{ ref('int_theme_households') }}
    group by month_start, channel, theme
),

intervals as (
    select month_start, channel, theme, ci_low, ci_high from {{ ref('int_theme_intervals') }}
)

select
    summed.*,
    {{ safe_ratio('summed.positive - summed.negative', 'summed.positive + summed.negative') }} as net_sentiment,
    case when summed.households >= {{ var('theme_min_households') }} then {{ nan_to_null('intervals.ci_low') }} end as ci_low,
    case when summed.households >= {{ var('theme_min_households') }} then {{ nan_to_null('intervals.ci_high') }} end as ci_high
from summed
left join intervals
    on
        summed.month_start = intervals.month_start
        and summed.channel = intervals.channel
        and summed.theme = intervals.theme
