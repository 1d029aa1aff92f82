"""The lies by kind: one module for each edge at which a number could be made up."""

from . import (
    claims,
    connectors,
    gate,
    intervals,
    ledger,
    lock,
    marts,
    metrics,
    models,
    published,
    scores,
    staging,
)

LIES = [
    *metrics.LIES,
    *staging.LIES,
    *connectors.LIES,
    *scores.LIES,
    *marts.LIES,
    *models.LIES,
    *intervals.LIES,
    *claims.LIES,
    *lock.LIES,
    *gate.LIES,
    *ledger.LIES,
    *published.LIES,
]
