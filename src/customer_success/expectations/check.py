"""A validation and its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import duckdb
import pandas as pd

from customer_success.publish.gate import Problem

Kind = Literal["agree", "rate", "movement", "past", "between"]


@dataclass(frozen=True)
class Check:
    """One expectation with the evidence that it is compared with.

    ``evidence`` names a file of SQL in the folder `evidence`, or is a function of the connection and of the
    vars of the build; both give one row per comparison: ``item`` and the columns of its ``kind``. agree:
    ``observed`` and ``expected``. rate: ``value``, ``numerator``, ``denominator``, ``scale``. movement: the
    columns of `fct_mrr_movements`. past: ``before``, ``now``, ``touched``. between: ``observed``, within
    ``bounds``. ``needs`` are tables without which there is nothing to compare. A check that only ``warns``
    reports its finding and does not stop the publication.
    """

    key: str
    target: str
    kind: Kind
    says: str
    path: str
    evidence: str | Callable[[duckdb.DuckDBPyConnection, Mapping[str, object]], pd.DataFrame]
    parameters: dict[str, object] = field(default_factory=dict)
    tolerance: float = 0.0
    bounds: tuple[float | None, float | None] = (None, None)
    warns: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suite:
    """The checks of one subject."""

    name: str
    checks: tuple[Check, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Result:
    """A row of `fct_validation_results`."""

    suite: str
    expectation: str
    target: str
    status: Literal["pass", "warning", "fail"]
    observed: str
    expected: str
    unexpected_count: int
    details: str
    evidence: str

    def problem(self) -> Problem:
        """Return it in the form of the gate's problems of dbt tests."""
        message = f"{self.observed}, expected {self.expected}. {self.details}"
        return Problem(f"{self.suite}: {self.expectation}", self.status, message[:300], self.target)
