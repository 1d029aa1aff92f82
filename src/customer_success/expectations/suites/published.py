"""All published metrics: each value meets the conditions of publication."""

from ..check import Check, Suite

NEEDS = ("analytics.published_metrics", "analytics.dim_metrics")

SUITE = Suite(
    "published_metrics",
    (
        Check(
            "each_rate_is_its_numerator_over_its_denominator",
            "analytics.published_metrics",
            "rate",
            "A rate has its numerator and denominator, and is their quotient",
            "numerator and denominator of the rows themselves",
            "published_metrics/each_rate_is_its_numerator_over_its_denominator",
            tolerance=1e-6,
            needs=NEEDS,
        ),
        Check(
            "nothing_is_published_that_may_not_be",
            "analytics.published_metrics",
            "agree",
            "Complete period, minimum sample, a value, the present definition, the present build",
            "the catalogue's minimum sample and hash, the build's as_of_date",
            "published_metrics/nothing_is_published_that_may_not_be",
            needs=NEEDS,
        ),
    ),
)
