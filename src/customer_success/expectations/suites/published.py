"""Published metrics, whatever they measure: nothing is shown that may not be."""

from ..check import Check, Suite

NEEDS = ("analytics.published_metrics", "analytics.dim_metrics")
MONEY_OR_TOTAL = "('mrr', 'dau', 'wau', 'mau')"

RATES = f"""
select metric || ' ' || period_grain || ' ' || period_start || ' ' || segment as item, value, numerator, denominator,
    case metric when 'nps' then 100 else 1 end as scale
from analytics.published_metrics
where metric not in {MONEY_OR_TOTAL} and denominator is not null
"""

ALLOWED = """
select p.metric as item, 0 as expected, count(*) filter (where
    coalesce(p.sample_size, 0) < m.min_sample or p.period_end > as_of() or p.value is null
    or p.definition_hash is distinct from m.definition_hash or p.as_of_date is distinct from as_of()
) as observed
from analytics.published_metrics as p left join analytics.dim_metrics as m using (metric)
group by p.metric
"""

SUITE = Suite(
    "published_metrics",
    (
        Check(
            "each_rate_is_its_numerator_over_its_denominator",
            "analytics.published_metrics",
            "rate",
            "A rate says its numerator and denominator, and is the one over the other",
            "numerator and denominator of the rows themselves",
            RATES,
            tolerance=1e-6,
            needs=NEEDS,
        ),
        Check(
            "nothing_is_published_that_may_not_be",
            "analytics.published_metrics",
            "agree",
            "Complete period, minimum sample, a value, the present definition, the present build",
            "the catalogue's minimum sample and hash, the build's as_of_date",
            ALLOWED,
            needs=NEEDS,
        ),
    ),
)
