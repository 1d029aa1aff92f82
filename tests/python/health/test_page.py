"""The page of customer health: it shows the rows of the tables, for any content."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import vl_convert
from html_page import Page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_success.health.page import best_scorecard, main, render

AS_OF = date(2026, 6, 30)  # a Tuesday
DATES = [AS_OF - timedelta(days=2 + 7 * back) for back in range(59, -1, -1)] + [AS_OF]
BANDS = [("Healthy", 80, 100), ("At Risk", 60, 79), ("Unhealthy", 40, 59), ("Critical", 0, 39)]
MODELS = ("graded", "guide_v1", "value_v2")
HOSTILE = "</script><script>alert(1)</script>{{7*7}}<!--\"'&lt;<img src=x onerror=alert(2)>\\u003c"

TABLES = """
create schema analytics; create schema rules; create schema build;
create table build.parameters (as_of_date date, vars json);
create table rules.health_bands (health_model varchar, band varchar, min_score integer, max_score integer);
create table analytics.dim_households (household_id varchar, is_active boolean, is_synthetic boolean);
create table analytics.fct_customer_health (
    household_id varchar, score_date date, is_current boolean, health_model varchar, health_score integer,
    health_segment varchar, score_change_28d integer, plan_type varchar, mrr decimal(18, 2));
create table analytics.fct_health_drivers (household_id varchar, part varchar, points_moved decimal(9, 6));
create table analytics.fct_trend_alerts (
    household_id varchar, score_date date, metric varchar, severity varchar);
create table analytics.fct_health_alerts (
    household_id varchar, score_date date, alert varchar, severity varchar);
create table analytics.rpt_health_backtest (
    health_model varchar, horizon_days integer, population varchar, sample varchar, n bigint, churned bigint,
    auc double, auc_ci_low double, auc_ci_high double, lift_worst_decile double, lift_ci_low double,
    lift_ci_high double, auc_against_primary double, auc_against_primary_ci_low double,
    auc_against_primary_ci_high double, reason varchar);
create table analytics.rpt_health_backtest_bands (
    health_model varchar, horizon_days integer, population varchar, sample varchar, band varchar, n bigint,
    left_count bigint, rate double, ci_low double, ci_high double, reason varchar);
"""


def band_of(score: float) -> str | None:
    return next((band for band, low, high in BANDS if low <= score <= high), None)


def health(ids: list[str], seed: int = 0) -> pd.DataFrame:
    """Scores of made-up customers, some of them unknown; all have a change, and most fell."""
    draw = np.random.default_rng(seed)
    rows = []
    for place, household in enumerate(ids):
        for day in DATES[place % 5 :]:
            score = float("nan") if draw.random() < 0.1 else float(draw.integers(0, 101))
            current = day == AS_OF
            change = 5 * int(draw.integers(-12, 3)) if current else None
            mrr = None if place % 7 == 0 else [9.99, 19.99][place % 2]
            rows.append([household, day, current, "value_v2", score, band_of(score), change, "Premium", mrr])
    columns = ["household_id", "score_date", "is_current", "health_model", "health_score", "health_segment"]
    return pd.DataFrame(rows, columns=[*columns, "score_change_28d", "plan_type", "mrr"])


def drivers(table: pd.DataFrame) -> pd.DataFrame:
    """Three parts that add up to the change; the third is unknown for every fourth household."""
    rows = []
    for place, row in enumerate(table[table.is_current].itertuples()):
        change = row.score_change_28d
        rows.append([row.household_id, "product_usage", change - 2.0])
        rows.append([row.household_id, "value_delivery", 2.0 if place % 4 else 8.0])
        rows.append([row.household_id, "payment", 0.0 if place % 4 else None])
    return pd.DataFrame(rows, columns=["household_id", "part", "points_moved"])


def alerts(table: pd.DataFrame, kinds: dict[str, str], seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    rows = [
        [household, day, kind, severity]
        for household, day in zip(table.household_id, table.score_date, strict=True)
        for kind, severity in kinds.items()
        if draw.random() < 0.1
    ]
    return pd.DataFrame(rows, columns=["household_id", "score_date", "kind", "severity"])


def backtest(auc: dict[str, float | None] | None = None, reason: str | None = None) -> pd.DataFrame:
    """Rows of the back-test; `reason` withholds the intervals, and an AUC of None all figures."""
    auc = {"graded": 0.85, "guide_v1": 0.80, "value_v2": 0.75} if auc is None else auc
    rows = []
    for model, horizon, population, sample in (
        (m, h, p, s)
        for m in auc
        for h in (30, 60, 90)
        for p in ("all", "active_7d")
        for s in ("common", "own")
    ):
        value = auc[model]
        ends = [None, None] if reason else [value - 0.02, value + 0.02]
        known = value is not None and auc["value_v2"] is not None
        change = value - auc["value_v2"] if known and model != "value_v2" and sample == "common" else None
        around = [None, None] if change is None or reason else [change - 0.01, change + 0.01]
        lift = [None, None, None] if value is None else [3.0, *([None, None] if reason else [2.5, 3.5])]
        rows.append(
            [model, horizon, population, sample, 1000, 50, value, *ends, *lift, change, *around, reason]
        )
    names = (
        "health_model horizon_days population sample n churned auc auc_ci_low auc_ci_high lift lift_ci_low"
    )
    names += " lift_ci_high auc_against_primary auc_against_primary_ci_low auc_against_primary_ci_high reason"
    return pd.DataFrame(rows, columns=names.split())


def rates(left: tuple[int, ...] = (1, 10, 20, 30)) -> pd.DataFrame:
    rows = []
    for population in ("all", "active_7d"):
        for (band, _, _), gone in zip(BANDS, left, strict=True):
            few = gone < 10
            ends = [None, None, "too few households left"] if few else [gone / 150, gone / 80, None]
            rows.append(["value_v2", 30, population, "common", band, 100, gone, gone / 100, *ends])
    names = "health_model horizon_days population sample band n left rate ci_low ci_high reason"
    return pd.DataFrame(rows, columns=names.split())


@dataclass
class World:
    """The tables of a made-up build; what is left out is empty."""

    health: pd.DataFrame | None = None
    drivers: pd.DataFrame | None = None
    trend: pd.DataFrame | None = None
    drops: pd.DataFrame | None = None
    backtest: pd.DataFrame | None = None
    rates: pd.DataFrame | None = None
    synthetic: bool = False
    extra: list[str] = field(default_factory=list)

    def write(self, file: Path) -> Path:
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute(TABLES)
            vars_ = json.dumps({"health_trend_days": 28})
            connection.execute("insert into build.parameters values (?, ?)", [AS_OF, vars_])
            for band in BANDS:
                connection.execute("insert into rules.health_bands values ('value_v2', ?, ?, ?)", band)
            for table, rows in (
                ("fct_customer_health", self.health),
                ("fct_health_drivers", self.drivers),
                ("fct_trend_alerts", self.trend),
                ("fct_health_alerts", self.drops),
                ("rpt_health_backtest", self.backtest),
                ("rpt_health_backtest_bands", self.rates),
            ):
                if rows is not None:
                    rows = rows.astype(object).where(rows.notna(), None)
                    connection.execute(f"insert into analytics.{table} select * from rows")
            if self.health is not None:
                connection.execute(
                    "insert into analytics.dim_households select distinct household_id, true, ?"
                    " from analytics.fct_customer_health",
                    [self.synthetic],
                )
            for statement in self.extra:
                connection.execute(statement)
        return file


def world(ids: list[str] | None = None, **changes) -> World:
    """Forty customers with all data, except for `changes`."""
    table = health([f"hh_{number:03}" for number in range(40)] if ids is None else ids)
    trend = {"tasks_completed": "critical", "active_members": "critical", "mean_session_minutes": "warning"}
    full = {
        "health": table,
        "drivers": drivers(table),
        "trend": alerts(table, trend, 1),
        "drops": alerts(table, {"health_score_drop": "high", "customer_at_risk": "critical"}, 2),
        "backtest": backtest(),
        "rates": rates(),
    }
    return World(**(full | changes))


def page_of(made: World, folder: Path) -> Page:
    out = render(made.write(folder / "made.duckdb"), folder / "health.html")
    return Page(out.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the full page and its database are."""
    folder = tmp_path_factory.mktemp("full")
    render(world().write(folder / "made.duckdb"), folder / "deep" / "health.html")
    return folder


@pytest.fixture(scope="module")
def full(folder) -> Page:
    return Page((folder / "deep" / "health.html").read_text(encoding="utf-8"))


# What it is -----------------------------------------------------------------------


def test_page_needs_no_network_and_is_small(full, folder):
    assert (folder / "deep" / "health.html").stat().st_size < 5_000_000
    assert not full.reaching_out
    policy = next(
        m["content"] for m in full.named("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy and "http" not in policy and "*" not in policy
    assert "url" not in json.dumps([spec.get("data", {}) for spec in full.specs.values()])


def test_same_database_gives_the_same_bytes_in_any_process(folder, tmp_path):
    database = folder / "made.duckdb"
    first = (folder / "deep" / "health.html").read_bytes()
    assert render(database, tmp_path / "again.html").read_bytes() == first
    command = [sys.executable, "-m", "customer_success.health.page"]
    command += ["--database", str(database), "--out", str(tmp_path / "other.html")]
    subprocess.run(
        command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "3", "TZ": "Asia/Tokyo"}
    )
    assert (tmp_path / "other.html").read_bytes() == first


def test_page_can_be_read_by_a_screen_reader(full):
    assert full.named("html")[0]["lang"] == "en"
    assert sum(tag == "title" for tag, _ in full.elements) == 1
    levels = [int(tag[1]) for tag, _ in full.elements if tag in {"h1", "h2", "h3"}]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    charts = [a for a in full.named("div") if a.get("class") == "chart"]
    assert {chart["id"] for chart in charts} == set(full.specs) and len(charts) == 9
    assert all(chart["role"] == "img" and len(chart["aria-label"]) > 40 for chart in charts)
    assert any("width=device-width" in meta.get("content", "") for meta in full.named("meta"))
    assert sum(tag == "table" for tag, _ in full.elements) == len(charts)


def test_each_chart_can_be_drawn(full):
    for name, spec in full.specs.items():
        drawn = vl_convert.vegalite_to_svg(spec | {"width": 500})
        assert drawn.count("<path") + drawn.count("<line") > 5, name


def test_synthetic_data_are_called_so(full, tmp_path):
    assert "SYNTHETIC" not in full.text
    table = health(["a"]).query("is_current")
    made = page_of(World(health=table, synthetic=True), tmp_path)
    assert "SYNTHETIC These data are simulated" in made.text
    mixed = World(health=table, extra=["insert into analytics.dim_households values ('sim_1', true, true)"])
    assert "SYNTHETIC 1 households are simulated" in page_of(mixed, tmp_path).text


# Its content ---------------------------------------------------------------------


def test_head_says_what_it_is_about(full):
    head = "".join(full.texts).split("How healthy")[0].split()
    message = " ".join(head).replace("as of", " as of ").replace("customers", " customers ")
    assert all(word in message for word in ("2026-06-30", " customers 40", "value_v2"))


def test_distribution_is_that_of_the_scores(full):
    shown = pd.DataFrame(full.data("chart-1-1", "p50")).drop_duplicates("score_date").set_index("score_date")
    table = world().health
    assert len(shown) == len(DATES)
    for day, of in table.groupby("score_date"):
        row = shown.loc[f"{day}T00:00:00"]
        known = of.health_score.dropna()
        assert row.n == len(known) and row.unknown == len(of) - len(known)
        for name, share in {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}.items():
            assert row[name] == pytest.approx(known.quantile(share))


def test_shares_of_the_bands_add_up_and_count_the_unknown(full):
    shown = pd.DataFrame(full.data("chart-2-1", "share"))
    assert set(shown.band) == {"Healthy", "At Risk", "Unhealthy", "Critical", "unknown"}
    assert shown.groupby("score_date").share.sum().round(9).eq(1).all()
    now = world().health.query("is_current")
    shares = shown[shown.score_date == f"{AS_OF}T00:00:00"].set_index("band").share
    assert shares["unknown"] == pytest.approx(now.health_score.isna().mean())
    assert shares["Critical"] == pytest.approx((now.health_score < 40).mean())


def test_worst_movers_are_the_largest_falls_and_their_parts_add_up(full):
    now = world().health.query("is_current and score_change_28d < 0")
    worst = now.assign(pays=now.mrr.fillna(-1)).sort_values(
        ["score_change_28d", "pays", "household_id"], ascending=[True, False, True]
    )[:15]
    bars = pd.DataFrame(full.data("chart-3-1", "points"))
    order = bars.drop_duplicates("household").sort_values("place")
    assert list(order.household) == list(worst.household_id)
    assert list(order.change) == list(worst.score_change_28d)
    sums = bars.groupby("household").points.sum()
    for row in order.itertuples():
        assert sums[row.household] == pytest.approx(row.change, abs=1.01)
    # Where parts leave over more than rounding, the rest is shown, not hidden.
    assert "parts that became known or unknown" in set(bars.part)
    assert set(order.mrr) <= {"9.99", "19.99", "unknown"} and "unknown" in set(order.mrr)


def test_alerts_are_counted_by_whole_weeks(full):
    shown = pd.DataFrame(full.data("chart-5-1", "alerts"))
    trend = world().trend
    trend = trend[trend.score_date != AS_OF]
    assert shown.alerts.sum() == len(trend)
    assert f"{AS_OF}T00:00:00" not in set(shown.score_date)
    weekly = shown.groupby("score_date").alerts.sum()
    last = DATES[-2]
    assert weekly[f"{last}T00:00:00"] == (trend.score_date == last).sum()
    assert (shown.high - shown.low == shown.alerts).all()
    # A week without alerts is 0 of as many customers, not a gap.
    assert shown.score_date.nunique() == len(DATES) - 1


def test_backtest_shows_the_common_sample_and_words_for_what_is_withheld(full, tmp_path):
    points = pd.DataFrame(full.data("chart-4-1", "auc"))
    assert len(points) == 9 and set(points.scorecard) == {"graded", "guide_v1", "value_v2 (primary)"}
    bars = {row["band"]: row["label"] for row in full.data("chart-4-3", "label")}
    assert bars["Critical"] == ["Critical: 30% (30 of 100)"]
    assert bars["Healthy"] == ["Healthy: 1.0% (1 of 100)", "no interval: too few households left"]
    few = page_of(World(backtest=backtest(reason="too few households left")), tmp_path)
    assert "interval withheld: too few households left" in few.text
    labels = {a["id"]: a["aria-label"] for a in few.named("div") if a.get("class") == "chart"}
    assert "Withheld: graded at 30 days: too few households left" in labels["chart-4-1"]


# Missing data ---------------------------------------------------------------


def test_no_customers_gives_a_page_that_says_so(tmp_path):
    page = page_of(World(), tmp_path)
    assert page.text.count("No customer has been scored yet.") == 2
    assert "primary scorecard" in page.text and "unknown: no household has a score" in page.text
    assert "There is no back-test yet" in page.text
    assert not page.specs


def test_no_churn_yet_gives_a_page_that_says_so(tmp_path):
    without_leavers = backtest(dict.fromkeys(MODELS), reason="nobody left")
    quiet = rates((0, 0, 0, 0)).assign(reason="nobody left", ci_low=None, ci_high=None)
    page = page_of(world(backtest=without_leavers, rates=quiet, trend=None, drops=None), tmp_path)
    assert "Which scorecard ranks best is not known yet: nobody left." in page.text
    assert page.text.count("Nothing to measure yet: nobody left.") == 4
    assert "No trend alert in 60 weeks." in page.text and "No health alert in 60 weeks." in page.text
    assert set(page.specs) == {"chart-1-1", "chart-2-1", "chart-3-1"}


def test_unknown_scores_and_no_past_are_reported(tmp_path):
    table = health(["a", "b"])
    unknown = table.assign(health_score=None, health_segment=None, score_change_28d=None)
    page = page_of(World(health=unknown), tmp_path)
    assert "No score of any customer is known." in page.text
    assert "No customer has a score to compare with." in page.text
    shares = {row["band"]: row["share"] for row in page.data("chart-2-1", "share")}
    assert shares["unknown"] == 1
    risen = table.assign(score_change_28d=table.score_change_28d.abs())
    assert "No customer's score has fallen." in page_of(World(health=risen), tmp_path).text


def test_what_is_unknown_is_never_drawn_as_a_number(tmp_path):
    table = health(["a", "b"])
    table.loc[table.score_date == DATES[30], ["health_score", "health_segment"]] = None
    empty = rates((0, 10, 20, 30))
    empty.loc[empty.band == "Healthy", ["n", "rate", "reason"]] = [0, None, "no rows"]
    page = page_of(World(health=table, rates=empty, backtest=backtest()), tmp_path)
    gap = next(
        row for row in page.data("chart-1-1", "unknown") if row["score_date"].startswith(str(DATES[30]))
    )
    assert (gap["n"], gap["unknown"], gap["p50"]) == (0, 2, None)
    bar = next(row for row in page.data("chart-4-3", "label") if row["band"] == "Healthy")
    assert bar["rate"] is None and bar["label"] == ["Healthy: unknown", "no rows"]
    for spec in page.specs.values():
        assert "NaN" not in vl_convert.vegalite_to_svg(spec | {"width": 400})


def test_one_customer_on_one_day_is_enough(tmp_path):
    one = (
        health(["only"])
        .query("is_current")
        .assign(health_score=50.0, health_segment="Unhealthy", score_change_28d=-3)
    )
    page = page_of(World(health=one), tmp_path)
    assert "One customer fell, by 3 points" in page.text
    assert "No week with customers has ended yet" in page.text
    for spec in page.specs.values():
        assert vl_convert.vegalite_to_svg(spec | {"width": 400})


# Text from the tables -------------------------------------------------------------


def page_about(text: str, folder: Path) -> Page:
    """A page on which the text stands as id and as plan, read back and found to be text."""
    table = health([text]).query("is_current").assign(score_change_28d=-20, plan_type=text)
    page = page_of(World(health=table, drivers=drivers(table)), folder)
    assert [tag for tag, _ in page.elements].count("script") == 3
    assert not page.named("img")
    assert "<" not in page.scripts[0], "nothing in it can end the script or begin a comment"
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert {(row["household"], row["plan"]) for row in page.data("chart-3-1", "points")} == {(text, text)}
    return page


def test_text_from_the_tables_stays_text(tmp_path):
    page = page_about(HOSTILE, tmp_path)
    assert HOSTILE in "".join(page.texts)
    drawn = vl_convert.vegalite_to_svg(page.specs["chart-3-1"] | {"width": 900})
    assert "<script" not in drawn and "<img" not in drawn


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
    | st.lists(st.sampled_from(["</script>", "<!--", "{{", "\\", "'", '"', "&", "]]>", "\u2028"])).map(
        "a".join
    )
)
def test_any_text_stays_text(tmp_path, text):
    page_about(text or "empty", tmp_path)


# The sentence ---------------------------------------------------------------------


def message(auc: dict[str, float | None], reason: str | None = None) -> str:
    rows = backtest(auc, reason)
    return best_scorecard(rows.astype(object).where(rows.notna(), None).to_dict("records"), "value_v2")


def test_sentence_follows_the_data():
    other = message({"graded": 0.85, "guide_v1": 0.80, "value_v2": 0.75})
    assert "is graded: AUC 0.85" in other
    assert "lead over the primary scorecard, value_v2, is 0.100" in other
    assert other.endswith("(95% interval +0.090 to +0.110): more than noise.")
    close = message({"graded": 0.755, "guide_v1": 0.60, "value_v2": 0.75})
    assert close.endswith("(95% interval −0.005 to +0.015): no more than noise.")
    own = message({"graded": 0.70, "guide_v1": 0.60, "value_v2": 0.75})
    assert "is value_v2: AUC 0.75" in own
    assert "its lead over the next, graded, is 0.050 (95% interval +0.040 to +0.060): more than noise." in own
    assert "no other is measured" in message({"value_v2": 0.75})
    withheld = message({"graded": 0.85, "value_v2": 0.75}, reason="too few households left")
    assert withheld.endswith("is unknown: too few households left.")
    assert best_scorecard([], None).endswith("there is no back-test.")


@given(st.tuples(*[st.floats(0.3, 0.98) for _ in MODELS]))
def test_sentence_names_the_best_and_calls_noise_noise(values):
    auc = dict(zip(MODELS, values, strict=True))
    words = message(auc)
    best = max(auc.values())
    assert any(f"is {model}: AUC {best:.2f}" in words for model in auc if auc[model] == best)
    runner = max(value for model, value in auc.items() if model != "value_v2")
    lead = abs(runner - auc["value_v2"])
    if abs(lead - 0.01) > 1e-9:
        assert words.endswith(": more than noise.") == (lead > 0.01)


# The command ----------------------------------------------------------------------


def test_command_says_what_is_missing(tmp_path, capsys):
    assert main(["--database", str(tmp_path / "none.duckdb"), "--out", str(tmp_path / "x.html")]) == 1
    assert "there is no database" in capsys.readouterr().err
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    assert main(["--database", str(tmp_path / "empty.duckdb"), "--out", str(tmp_path / "x.html")]) == 1
    assert "Build the project first" in capsys.readouterr().err
    (tmp_path / "text.duckdb").write_text("no database")
    assert main(["--database", str(tmp_path / "text.duckdb"), "--out", str(tmp_path / "x.html")]) == 1
    assert not (tmp_path / "x.html").exists()


def test_page_of_a_whole_build(warehouse_database, tmp_path):
    out = tmp_path / "health.html"
    # DuckDB cannot open for writing what is open for reading here.
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        assert main(["--database", str(warehouse_database), "--out", str(out)]) == 0
        (customers,) = connection.execute(
            "select count(*) from analytics.dim_households where is_active"
        ).fetchone()
        fallen = connection.execute(
            "select score_change_28d from analytics.fct_customer_health where is_current"
            " and score_change_28d < 0 order by 1 limit 15"
        ).fetchall()
        names = connection.execute(
            "select household_name from analytics.dim_households where household_name is not null"
        ).fetchall()
    page = Page(out.read_text(encoding="utf-8"))
    assert "SYNTHETIC" in page.text and out.stat().st_size < 5_000_000
    now = page.data("chart-2-1", "n")[-1]
    assert now["n"] == customers
    bars = pd.DataFrame(page.data("chart-3-1", "points")).drop_duplicates("household").sort_values("place")
    assert list(bars.change) == [change for (change,) in fallen]
    assert not any(name in page.text for (name,) in names), "the page holds ids, not names"
    for spec in page.specs.values():
        assert vl_convert.vegalite_to_svg(spec | {"width": 500})
