"""Expectations of the domain, as Great Expectations classes on data frames of evidence.

Each is a row condition over several columns, so that Data Docs show the rows that violate it.
"""

from __future__ import annotations

import os

# Read when the library is imported: it sends no usage data.
os.environ["GX_ANALYTICS_ENABLED"] = "False"

from typing import Literal

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)

DOMAIN = ("batch_id", "table", "column_list", "row_condition", "ignore_row_if")
CENT = 0.005
MOVEMENT = ["mrr_opening", "new", "expansion", "contraction", "churned", "reactivation", "mrr_closing"]


class FiguresAgree(MulticolumnMapMetricProvider):
    """Whether two figures are the same within a tolerance; unknown agrees with unknown alone."""

    condition_metric_name = "multicolumn_values.figures_agree"
    condition_domain_keys = DOMAIN
    condition_value_keys = ("tolerance",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, tolerance: float, **_) -> pd.Series:
        observed, expected = column_list["observed"], column_list["expected"]
        return (observed - expected).abs().le(tolerance) | (observed.isna() & expected.isna())


class RateOfItsParts(MulticolumnMapMetricProvider):
    """Whether a value is its numerator over its denominator; with a denominator of 0 it must be unknown."""

    condition_metric_name = "multicolumn_values.rate_of_its_parts"
    condition_domain_keys = DOMAIN
    condition_value_keys = ("tolerance",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, tolerance: float, **_) -> pd.Series:
        parts = column_list["denominator"].where(column_list["denominator"] != 0)
        rate = column_list["scale"] * column_list["numerator"] / parts
        value = column_list["value"]
        return (value - rate).abs().le(tolerance * column_list["scale"]) | (value.isna() & rate.isna())


class MovementAddsUp(MulticolumnMapMetricProvider):
    """Whether opening and movements give the closing, with no movement below zero."""

    condition_metric_name = "multicolumn_values.movement_adds_up"
    condition_domain_keys = DOMAIN
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **_) -> pd.Series:
        gained = column_list[["new", "expansion", "reactivation"]].sum(axis=1, skipna=False)
        lost = column_list[["contraction", "churned"]].sum(axis=1, skipna=False)
        closing = column_list["mrr_opening"] + gained - lost
        return (closing - column_list["mrr_closing"]).abs().lt(CENT) & column_list.ge(0).all(axis=1)


class PastStays(MulticolumnMapMetricProvider):
    """Whether a past day is unchanged, unless late data touched it."""

    condition_metric_name = "multicolumn_values.past_stays"
    condition_domain_keys = DOMAIN
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **_) -> pd.Series:
        before, now = column_list["before"], column_list["now"]
        return column_list["touched"].astype(bool) | before.eq(now) | (before.isna() & now.isna())


class _OnEvidence(MulticolumnMapExpectation):
    """A condition that holds for every row of the evidence, unknown figures included."""

    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "never"


class ExpectFiguresToAgree(_OnEvidence):
    """Expect the mart's figure to be that of the independent computation."""

    map_metric = "multicolumn_values.figures_agree"
    success_keys = ("tolerance", "mostly")
    tolerance: float = 0.0


class ExpectRateToBeNumeratorOverDenominator(_OnEvidence):
    """Expect a rate to be its numerator over its denominator."""

    map_metric = "multicolumn_values.rate_of_its_parts"
    success_keys = ("tolerance", "mostly")
    tolerance: float = 1e-9


class ExpectMovementToAddUp(_OnEvidence):
    """Expect opening MRR and its movements to give the closing MRR, to the cent."""

    map_metric = "multicolumn_values.movement_adds_up"


class ExpectPastToStay(_OnEvidence):
    """Expect rows of past days to be those of an earlier build, unless late data touched the day."""

    map_metric = "multicolumn_values.past_stays"
