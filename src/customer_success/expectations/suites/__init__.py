"""One module per subject: what is validated, and by which independent computation."""

from ..check import Suite
from . import (
    churn,
    cohorts,
    health,
    nps,
    point_in_time,
    published,
    reconciliation,
    retention,
    sources,
    surveys,
)

SUITES: tuple[Suite, ...] = (
    nps.SUITE,
    churn.SUITE,
    sources.SUITE,
    cohorts.SUITE,
    retention.SUITE,
    health.SUITE,
    surveys.SUITE,
    reconciliation.SUITE,
    published.SUITE,
    point_in_time.SUITE,
)
