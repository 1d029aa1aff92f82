"""A claim: a statement about a metric or a model, in a form that can be compared with the data."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

AGAINST_A_FIGURE = ("equals", "at_least", "at_most")
OF_A_CHANGE = ("improved", "declined", "differs")
METRICS, CHURN_MODEL = "metrics", "churn_model"


class MalformedClaim(ValueError):
    """A claim that is incomplete, or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the seed of claims.

    `period_b` is None where one period is compared with a figure. `claimed_value` and `tolerance` are in the
    metric's unit; with `scale` relative they are shares of the value in period a (-0.4: 40% less).
    """

    claim_id: str
    deck: str
    statement: str
    evidence: str
    metric: str
    segment: str
    comparison: str
    scale: str
    period_a: str
    period_b: str | None
    claimed_value: float | None
    tolerance: float
    author: str
    status: str

    def __post_init__(self) -> None:
        for broken, what in (
            (self.comparison not in (*AGAINST_A_FIGURE, *OF_A_CHANGE), f"comparison {self.comparison!r}"),
            (self.evidence not in (METRICS, CHURN_MODEL), f"evidence {self.evidence!r}"),
            (self.scale not in ("absolute", "relative"), f"scale {self.scale!r}"),
            (self.status not in ("draft", "published"), f"status {self.status!r}"),
            (self.comparison in AGAINST_A_FIGURE and self.claimed_value is None, "no claimed value"),
            (self.comparison in OF_A_CHANGE and self.period_b is None, "a change needs two periods"),
            (self.comparison in OF_A_CHANGE and self.claimed_value is not None, "a figure that is not used"),
            (self.scale == "relative" and self.period_b is None, "relative to which period?"),
            (self.scale == "relative" and self.comparison in OF_A_CHANGE, "a change without a figure"),
            (self.evidence == CHURN_MODEL and self.period_b is not None, "a model is tested once"),
            (self.tolerance < 0, "a tolerance below 0"),
            (self.tolerance > 0 and self.comparison not in ("equals", "differs"), "an unused tolerance"),
        ):
            if broken:
                raise MalformedClaim(f"claim {self.claim_id}: {what}")

    @property
    def segment_key(self) -> tuple[str, str]:
        """Segment type and segment: `plan_type:Premium` is ("plan_type", "Premium")."""
        kind, colon, value = self.segment.partition(":")
        return (kind, value) if colon else (kind, kind)

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value that make the claim true; of a change without a size both are infinite."""
        low, high = float("-inf"), float("inf")
        if self.comparison == "equals":
            return self.claimed_value - self.tolerance, self.claimed_value + self.tolerance
        if self.comparison == "at_least":
            return self.claimed_value, high
        if self.comparison == "at_most":
            return low, self.claimed_value
        return low, high


def read_claims(table: pd.DataFrame) -> list[Claim]:
    """Return the claims of the seed, in the order of their ids.

    Raises MalformedClaim naming the claim, and KeyError for a missing column.
    """
    rows = table.sort_values("claim_id").to_dict("records")
    return [Claim(**{name: _cell(row[name], name) for name in Claim.__slots__}) for row in rows]


def _cell(value: object, name: str) -> object:
    if pd.isna(value) or value == "":
        return 0.0 if name == "tolerance" else None
    return float(value) if name in ("tolerance", "claimed_value") else str(value)
