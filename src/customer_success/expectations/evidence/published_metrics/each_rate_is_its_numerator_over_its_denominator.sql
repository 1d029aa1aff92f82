-- Totals and means over days have no denominator of this kind.
select
    metric || ' ' || period_grain || ' ' || period_start || ' ' || segment as item,
    value,
    numerator,
    denominator,
    case metric when 'nps' then 100 else 1 end as scale
from analytics.published_metrics
where metric not in ('mrr', 'dau', 'wau', 'mau') and denominator is not null
