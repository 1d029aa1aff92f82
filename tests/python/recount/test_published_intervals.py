"""Published intervals are recomputed by a second implementation, and each lie about one is seen."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from customer_success.recount.interval_units import BASES, BOOTSTRAP, HIGHER, KEYS, moments
from customer_success.recount.intervals import problems, prove_intervals
from customer_success.recount.second_methods import adjusted_wald, students_t, wilson
from customer_success.statistics import nps_intervals, ratio_intervals

REPLICATES = 400
ENDS = ["ci_low", "ci_high"]
COVERED = ["healthy_share", "avg_health_score", "dau", "dau_mau_ratio", "mrr", "csat_response_rate"]


@pytest.fixture(scope="module")
def published_and_units(warehouse_database) -> tuple[pd.DataFrame, pd.DataFrame]:
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        published = connection.sql(
            "select p.*, d.unit, d.ci_method as agreed_method from analytics.published_metrics as p"
            " left join analytics.dim_metrics as d using (metric)"
        ).df()
        return published, moments(connection)


@pytest.fixture
def published(published_and_units) -> pd.DataFrame:
    numbers = ["value", "numerator", "denominator", "sample_size", *ENDS]
    return published_and_units[0].copy().astype(dict.fromkeys(numbers, "float64"))


@pytest.fixture
def units(published_and_units) -> pd.DataFrame:
    return published_and_units[1]


def test_an_honest_build_is_not_accused(warehouse_database):
    candidate = SimpleNamespace(
        places=SimpleNamespace(database=warehouse_database),
        variables={"metric_replicates": REPLICATES},
        as_of_date=date(2026, 6, 30),
    )
    assert prove_intervals(candidate) == []


def shifted(rows):
    rows[ENDS] += 0.02 * (rows["ci_high"] - rows["ci_low"]).to_numpy()[:, None]


def narrowed(rows):
    for end in ENDS:
        rows[end] = rows["value"] + 0.9 * (rows[end] - rows["value"])


def of_90_percent(rows):
    for end in ENDS:
        rows[end] = rows["value"] + 1.6449 / 1.96 * (rows[end] - rows["value"])


def copied_from_the_next_row(rows):
    rows[ENDS] = np.roll(rows[ENDS].to_numpy(), 1, axis=0)


def constant(rows):
    rows["ci_low"], rows["ci_high"] = rows["value"] - 0.01, rows["value"] + 0.01


def without_width(rows):
    rows["ci_low"] = rows["ci_high"] = rows["value"]


def swapped(rows):
    rows[ENDS] = rows[ENDS].to_numpy()[:, ::-1]


def absent(rows):
    rows["ci_low"] = np.nan


def of_another_method(rows):
    rows["ci_method"] = "percentile"


def of_another_sample(rows):
    for end in ENDS:
        rows[end] = rows["value"] + (rows[end] - rows["value"]) / np.sqrt(2)
    rows["sample_size"] *= 2


def all_shifted_by_a_fifth(rows):
    rows[ENDS] += 0.2 * (rows["ci_high"] - rows["ci_low"]).to_numpy()[:, None]


LIES = [
    shifted, narrowed, of_90_percent, copied_from_the_next_row, constant, without_width, swapped, absent,
    of_another_method, of_another_sample,
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
@pytest.mark.parametrize("metric", COVERED)
def test_a_lie_about_the_intervals_of_a_metric_is_seen(published, units, metric, lie):
    rows = published[published["metric"] == metric].copy()
    assert len(rows) > 1 and problems(rows, units, REPLICATES) == []
    lie(rows)
    found = problems(rows, units, REPLICATES)
    assert found and all(problem.message.startswith(metric) for problem in found)


def test_a_single_row_among_all_is_seen_and_named(published, units):
    row = published.index[(published["metric"] == "healthy_share") & (published["segment"] == "Premium")][3]
    published.loc[row, "ci_high"] += 0.001
    found = problems(published, units, REPLICATES)
    assert len(found) == 1
    assert "healthy_share" in found[0].message and "1 rows" in found[0].message
    assert "Premium" in found[0].message


def test_a_value_that_is_not_its_counts_is_seen(published, units):
    for metric, field in (("household_churn_rate", "value"), ("dau", "numerator"), ("mrr", "sample_size")):
        rows = published[published["metric"] == metric].copy()
        rows[field] *= 1.01
        assert "is not the sum of its units" in problems(rows, units, REPLICATES)[0].message


def test_a_metric_without_a_second_implementation_is_rejected(published, units):
    rows = published[published["metric"] == "mrr"].assign(metric="happiness")
    assert "happiness is published" in problems(rows, units, REPLICATES)[0].message


def test_every_metric_of_the_catalogue_has_a_second_implementation_of_its_method(warehouse_database):
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        methods = dict(connection.sql("select metric, ci_method from analytics.dim_metrics").fetchall())
    assert methods == {metric: basis.method for metric, basis in BASES.items()}


def a_company(seed: int, rows: int, metric: str = "gross_revenue_retention"):
    """Intervals of ratios of money, as the project draws them, and the moments of the households."""
    rng = np.random.default_rng(seed)
    published, units = [], []
    for week in range(rows):
        n = int(rng.integers(60, 300))
        x = rng.choice([9.99, 19.99, 29.99], n)
        moved = rng.random(n) < 0.08
        moved[:3] = True
        y = np.where(moved, x * rng.choice([0, 0.5], n), x)
        if metric == "net_revenue_retention":
            y = np.where(moved, x * rng.choice([0, 1.5, 2], n), x)
        y = np.rint(100 * y) / 100
        drawn = ratio_intervals(
            np.rint(100 * y), np.rint(100 * x), np.arange(n), seed=week, replicates=REPLICATES
        ).iloc[0]
        start = pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week)
        key = dict(zip(KEYS, (metric, "week", start, "all", "all"), strict=True))
        sums = {name: (y ** name.count("y") * x ** name.count("x")).sum() for name in
                ("y", "x", "yy", "yx", "xx", *HIGHER)}  # fmt: skip
        units.append({**key, **sums, "total_y": y.sum(), "total_x": x.sum(), "units": n})
        published.append(
            {
                **key, "period_end": start + pd.Timedelta(days=6), "numerator": y.sum(),
                "denominator": x.sum(), "sample_size": n, "value": drawn["value"], "ci_low": drawn["ci_low"],
                "ci_high": drawn["ci_high"], "ci_method": BOOTSTRAP, "agreed_method": BOOTSTRAP,
                "unit": "share" if metric == "gross_revenue_retention" else "ratio",
            }
        )  # fmt: skip
    return pd.DataFrame(published), pd.DataFrame(units)


@pytest.mark.parametrize("metric", ["gross_revenue_retention", "net_revenue_retention"])
@pytest.mark.parametrize("seed", range(3))
def test_honest_bootstraps_are_not_accused(metric, seed):
    assert problems(*a_company(seed, 60, metric), REPLICATES) == []


@pytest.mark.parametrize(
    "lie",
    [
        all_shifted_by_a_fifth,
        of_90_percent,
        constant,
        without_width,
        swapped,
        absent,
        of_another_method,
        copied_from_the_next_row,
    ],
    ids=lambda lie: lie.__name__,
)
def test_a_lie_about_bootstraps_is_seen(lie):
    published, units = a_company(5, 60)
    lie(published)
    assert problems(published, units, REPLICATES)


@pytest.mark.parametrize(("by", "seen"), [(0.9, True), (0.0, False)])
def test_a_single_bootstrap_shifted_by_most_of_its_width_is_seen(by, seen):
    published, units = a_company(5, 60)
    published.loc[7, ENDS] += by * (published.loc[7, "ci_high"] - published.loc[7, "ci_low"])
    assert bool(problems(published, units, REPLICATES)) == seen


def test_the_second_wilson_is_that_of_statsmodels():
    k, n = np.array([0, 3, 30, 7]), np.array([30, 40, 30, 1000])
    expected = proportion_confint(k, n, method="wilson")
    assert np.allclose(wilson(k, n), expected, atol=1e-9)


def test_the_second_t_is_that_of_statsmodels():
    values = np.random.default_rng(1).lognormal(size=50)
    low, high = students_t(values.sum(), values.var(ddof=1), 50, 50)
    assert (low, high) == pytest.approx(DescrStatsW(values).tconfint_mean())


def test_the_second_adjusted_wald_is_that_of_the_first():
    first = nps_intervals([20, 40, 5], [10, 0, 30], [50, 40, 40])
    low, high = adjusted_wald(np.array([10, 40, -25]), np.array([30, 40, 35]), np.array([50, 40, 40]))
    assert np.allclose(low, first["ci_low"]) and np.allclose(high, first["ci_high"])


@pytest.fixture
def models(warehouse_database, tmp_path):
    """A copy of the tables of models that a test may damage."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse_database}' as built (read_only); create schema analytics")
        for table in ("ml_model_metrics", "ml_calibration", "ml_survival_curves", "ml_survival_summary",
                      "rpt_health_backtest", "rpt_health_backtest_bands"):  # fmt: skip
            connection.execute(f"create table analytics.{table} as from built.analytics.{table}")
        yield connection


@pytest.mark.parametrize(
    "lie",
    [
        "update analytics.ml_survival_curves set ci_high = survival - .01 where day = (select max(day)"
        " from analytics.ml_survival_curves where ci_low is not null)",
        "insert into analytics.ml_survival_curves by name (select 'Free' as plan_type, 9999 as day,"
        " .5 as survival, .6 as ci_low, .7 as ci_high, 3 as at_risk)",
        "insert into analytics.ml_survival_summary by name (select 'made up' as covariate, 0 as coefficient,"
        " 1 as hazard_ratio, .5 as ci_low, 2 as ci_high, .01 as p_value)",
        "insert into analytics.ml_survival_summary by name (select 'made up' as covariate, .7 as coefficient,"
        " 2 as hazard_ratio, 1.9 as ci_low, 3 as ci_high, .01 as p_value)",
        "insert into analytics.ml_model_metrics by name (select 'made up' as metric, .9 as value,"
        " .5 as ci_low, .6 as ci_high)",
        "insert into analytics.ml_model_metrics by name (select 'made up' as metric, .9 as value,"
        " .5 as ci_low)",
    ],
)
def test_a_lie_about_intervals_of_models_is_seen(models, lie):
    from customer_success.recount.intervals_of_models import problems_of_models

    assert problems_of_models(models) == []
    models.execute(lie)
    assert len(problems_of_models(models)) == 1
