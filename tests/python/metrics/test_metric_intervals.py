"""Intervals of the ledger: each metric gets what its method gives for its own sample."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_success.metrics.intervals import HOUSEHOLD, SQUARES, metric_intervals
from customer_success.statistics import mean_interval, nps_interval, ratio_interval, share_interval

MONTH = {"period_grain": "month", "period_start": date(2026, 6, 1)}
ALL = {"segment_type": "all", "segment": "all"}
EMPTY = dict.fromkeys([*SQUARES, "promoters", "detractors"])


FINGERPRINTS = pd.DataFrame([{"family": "rows", **MONTH, "fingerprint": "first"}])


def no_households(table, amounts, periods):
    raise AssertionError("no household is needed")


def interval(method: str, **component) -> pd.Series:
    """The interval of one value of a metric with that method."""
    components = pd.DataFrame([{"metric": "m", **MONTH, **ALL, **EMPTY} | component])
    definitions = pd.DataFrame(
        [{"metric": "m", "ci_method": method, "family": "rows", "numerator": "kept", "denominator": "held"}]
    )
    return metric_intervals(
        components, definitions, FINGERPRINTS, no_households, replicates=200, seed=7
    ).iloc[0]


def ends(of) -> tuple[float, float]:
    return pytest.approx((of.ci_low, of.ci_high))


def test_share():
    found = interval("wilson", numerator=7, denominator=50, sample_size=50, value=0.14)
    assert (found["ci_low"], found["ci_high"]) == ends(share_interval(7, 50))


def test_nps():
    found = interval(
        "adjusted_wald", numerator=10, denominator=50, sample_size=50, promoters=20, detractors=10, value=20
    )
    assert (found["ci_low"], found["ci_high"]) == ends(nps_interval(20, 10, 50))


VALUES = np.array([1.0, 4.0, 4.0, 9.0, 30.0, 2.5])


@pytest.mark.parametrize(
    ("denominator", "scale"), [(6, 1), (None, 6), (31, 6 / 31)], ids=["mean", "total", "mean per day"]
)
def test_mean_and_totals(denominator, scale):
    """A total of n households is n times their mean, and so is its interval."""
    found = interval(
        "t",
        numerator=VALUES.sum(),
        denominator=denominator,
        sample_size=len(VALUES),
        sum_of_squares=(VALUES**2).sum(),
        value=VALUES.sum() / (denominator or 1),
    )
    mean = mean_interval(VALUES)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((mean.ci_low * scale, mean.ci_high * scale))


def test_ratio_of_sums_is_that_of_the_bootstrap():
    """The linearised interval of a ratio is close to that of drawing households."""
    generator = np.random.default_rng(3)
    x = generator.gamma(4, 5, 400)
    y = x * generator.beta(3, 5, 400)
    found = interval(
        "t",
        numerator=y.sum(),
        denominator=x.sum(),
        sample_size=len(x),
        sum_of_squares=y @ y,
        denominator_squares=x @ x,
        sum_of_products=x @ y,
        value=y.sum() / x.sum(),
    )
    drawn = ratio_interval(y, x, seed=7, replicates=2000)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((drawn.ci_low, drawn.ci_high), abs=0.002)


@pytest.mark.parametrize(
    ("sample", "squares", "reason"),
    [(0, None, "no observations"), (1, 4, "one observation"), (2, 8, "all observations are alike")],
)
def test_no_interval_has_a_reason(sample, squares, reason):
    total = 2.0 * sample if sample else None
    found = interval(
        "t", numerator=total, denominator=sample, sample_size=sample, sum_of_squares=squares, value=2.0
    )
    assert np.isnan(found["ci_low"])
    assert found["ci_reason"] == reason


def test_an_unknown_numerator_is_reported():
    found = interval("wilson", numerator=None, denominator=50, sample_size=50, value=None)
    assert found["ci_reason"] == "the numerator is unknown"


@pytest.fixture
def held() -> pd.DataFrame:
    """60 households in two regions, one of them unknown, and some that hold nothing."""
    number = np.arange(70)
    return pd.DataFrame(
        {
            **MONTH,
            "household_number": number,
            "plan_type": "Premium",
            "region": np.where(number % 2, "EU", None),
            "kept": np.where(number < 60, np.where(number % 7, 9.99, 0.0), np.nan),
            "held": np.where(number < 60, 9.99, np.nan),
        }
    )


def ratios(held: pd.DataFrame, seed: int = 7, before: pd.DataFrame | None = None) -> pd.DataFrame:
    components = pd.DataFrame(
        [
            {"metric": "m", **MONTH, **EMPTY, "segment_type": kind, "segment": segment, "sample_size": 60}
            | {"numerator": 1.0, "denominator": 1.0, "value": 1.0}
            for kind, segment in [
                ("all", "all"),
                ("region", "EU"),
                ("region", "unknown"),
                ("plan_type", "Premium"),
            ]
        ]
    )
    definitions = pd.DataFrame(
        [
            {"metric": "m", "ci_method": "bootstrap_households", "family": "rows"}
            | {"numerator": "kept", "denominator": "held"}
        ]
    )

    def households(table, amounts, periods):
        assert table == "rows"
        rows = held.dropna(subset=amounts).merge(periods, on=["period_grain", "period_start"])
        return pa.Table.from_pandas(rows[[*HOUSEHOLD, *amounts]])

    found = metric_intervals(
        components, definitions, FINGERPRINTS, households, before, replicates=200, seed=seed
    )
    return found.set_index("segment")


def test_money_is_resampled_by_household(held):
    known = held.dropna(subset=["held"])
    expected = ratio_interval(known["kept"] * 100, known["held"] * 100, seed=7, replicates=200)
    found = ratios(held).loc["all"]
    assert (found["ci_low"], found["ci_high"]) == ends(expected)
    assert found["ci_low"] < known["kept"].sum() / known["held"].sum() < found["ci_high"]


def test_segments_are_resampled_from_their_own_households(held):
    found = ratios(held)
    assert found.loc["Premium", "ci_low"] == found.loc["all", "ci_low"]
    assert found.loc["EU", "ci_high"] - found.loc["EU", "ci_low"] > (
        found.loc["all", "ci_high"] - found.loc["all", "ci_low"]
    )
    assert np.isfinite(found.loc["unknown", "ci_low"])


def test_the_order_of_rows_does_not_matter_and_the_seed_does(held):
    shuffled = held.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(ratios(held), ratios(shuffled))
    assert ratios(held).loc["all", "ci_low"] != ratios(held, seed=8).loc["all", "ci_low"]


def test_later_households_do_not_move_an_interval_of_the_past(held):
    later = held.assign(period_start=date(2026, 7, 1), household_number=100 + held["household_number"])
    pd.testing.assert_frame_equal(ratios(held), ratios(pd.concat([later, held])))


def test_an_interval_with_the_same_draws_is_reused(held):
    """Nothing is drawn for it: the earlier result is recognised by an end that no draw would give."""
    before = ratios(held).reset_index().assign(ci_low=-1.0)
    before.loc[before["segment"] == "EU", "fingerprint"] = "another"
    found = ratios(held, before=before)["ci_low"]
    assert list(found[["all", "Premium", "unknown"]]) == [-1, -1, -1]
    assert found["EU"] == ratios(held).loc["EU", "ci_low"]


def test_an_interval_is_independent_of_the_others_drawn(held):
    """An interval drawn alone, with the others reused, is that of a full build."""
    few = held[held["region"] == "EU"]
    assert ratios(few).loc["EU"].equals(ratios(held).loc["EU"])


def test_a_segment_that_holds_nothing_has_no_observations(held):
    found = ratios(held[held["region"] == "EU"])
    assert found.loc["unknown", "ci_reason"] == "no observations"
    assert ratios(held.assign(held=np.nan)).loc["all", "ci_reason"] == "no observations"


def test_nothing_to_do_gives_an_empty_table():
    columns = ["metric", *MONTH, *ALL, *EMPTY, "numerator", "denominator", "sample_size", "value"]
    definitions = pd.DataFrame(columns=["metric", "ci_method"])
    empty = pd.DataFrame(columns=columns)
    found = metric_intervals(empty, definitions, FINGERPRINTS, no_households, replicates=200, seed=7)
    assert found.empty and {"metric", "ci_low", "ci_high", "ci_reason"} <= set(found.columns)
