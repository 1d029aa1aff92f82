"""Other weights and bands: compared with the recount of scores, and with AUCs computed here."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from harness import REPOSITORY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from customer_success.health import what_if
from customer_success.health.what_if import (
    POPULATIONS,
    PRESENT,
    PROPOSED,
    ProjectSql,
    Refusal,
    Settings,
    compare,
    figure,
    main,
    present_scorecards,
    proposed_scorecards,
    read_bands,
    read_weights,
    verdict,
)
from customer_success.recount.households.scorecards import overall_score
from customer_success.recount.households.scoring import Part

SEEDS = REPOSITORY / "seeds" / "rules" / "health"
AS_OF = date(2026, 6, 30)
DATES = [AS_OF - timedelta(days=30 * back) for back in range(9, -1, -1)]
WEIGHTS = {"usage": Decimal("0.5"), "support": Decimal("0.3"), "payment": Decimal("0.2")}
BANDS = {"Good": (60, 100), "Bad": (0, 59)}
VARS = {"min_known_weight": 0.5, "backtest_horizons": [30], "backtest_replicates": 60, "random_seed": 7}
QUICK = Settings(variables=VARS, horizons=(30, 60, 90), replicates=60, seed=7)


def recounted(parts: dict[str, Decimal | None], weights: dict[str, Decimal]) -> int | None:
    """The score by the recount, in fractions."""
    unknown = Part(None, Fraction(0))
    values = {
        part: unknown if parts[part] is None else Part(Fraction(parts[part]), Fraction(1)) for part in weights
    }
    exact = {part: Fraction(weight) for part, weight in weights.items()}
    return overall_score(values, exact, Fraction(str(VARS["min_known_weight"])))[0]


def project_sql(weights: dict[str, Decimal], bands: dict[str, tuple[int, int]] | None = None) -> ProjectSql:
    """The project's SQL of a scorecard `m` that no database has."""
    rows = {
        "health_parts": [{"part": part, "weight": weight} for part, weight in sorted(weights.items())],
        "health_bands": [
            {"band": band, "min_score": low, "max_score": high} for band, (low, high) in (bands or {}).items()
        ],
    }
    return ProjectSql(VARS, lambda seed, where, order_by: rows[seed])


def auc_by_pairs(score: pd.Series, left: pd.Series) -> float:
    """Share of pairs (one left, one stayed) in which the one that left scored lower; ties half."""
    gone, stayed = score[left].to_numpy(float), score[~left].to_numpy(float)
    lower = (gone[:, None] < stayed).sum() + (gone[:, None] == stayed).sum() / 2
    return lower / (len(gone) * len(stayed))


KEY = "household_id, cast(score_date as date) as score_date"
STORED = ", ".join(f"cast({part} as decimal(12, 9)) as {part}" for part in WEIGHTS)
TABLES = f"""
create schema analytics; create schema intermediate; create schema rules; create schema build;
create table build.parameters as select date '{AS_OF}' as as_of_date, '{json.dumps(VARS)}'::json as vars;
create table analytics.dim_households as select true as is_synthetic;
create table rules.health_parts (health_model varchar, part varchar, weight decimal(4, 3), reason varchar);
create table rules.health_bands (
    health_model varchar, band varchar, min_score integer, max_score integer, reason varchar);
create table intermediate.int_health_parts as select {KEY}, {STORED} from parts;
create table analytics.fct_health_scores as select {KEY}, health_model,
    cast(score as integer) as overall_score, cast(segment as varchar) as segment from scores;
create table intermediate.int_health_outcomes as select {KEY}, cast(n as bigint) as household_number,
    cast(a as boolean) as is_active_7d, cast("left" as bigint) as days_to_left,
    cast(known as bigint) as days_known from outcomes;
"""


# A made-up build ------------------------------------------------------------------


@dataclass
class World:
    """Households with three parts, of which usage predicts leaving; written as the tables of a build."""

    households: int = 120
    leavers: bool = True
    bands: dict[str, tuple[int, int]] = field(default_factory=lambda: dict(BANDS))
    rows: list[dict] = field(default_factory=list)

    def __post_init__(self):
        draw = np.random.default_rng(3)
        for number in range(self.households):
            leaves = self.leavers and number % 4 == 0
            for day in DATES:
                usage = None if draw.random() < 0.1 else Decimal(int(draw.integers(0, 60 if leaves else 101)))
                parts = {
                    "usage": usage,
                    "support": None if draw.random() < 0.2 else Decimal(int(draw.integers(0, 101))),
                    "payment": Decimal(int(draw.integers(0, 201))) / 2,
                }
                row = {"number": number, "day": day, "active": draw.random() < 0.8, "parts": parts}
                row["days_to_left"] = int(draw.integers(1, 120)) if leaves else None
                row["days_known"] = (AS_OF - day).days - 30
                self.rows.append(row)

    def score(self, row: dict) -> int | None:
        return recounted(row["parts"], WEIGHTS)

    def segment(self, score: int | None) -> str | None:
        return next(
            (band for band, (low, high) in self.bands.items() if score is not None and low <= score <= high),
            None,
        )

    def write(self, file: Path) -> Path:
        """The tables; retention_b2b has the same scores and parts that are not stored."""
        file.unlink(missing_ok=True)
        parts, scores, outcomes = [], [], []
        for row in self.rows:
            key = (f"hh_{row['number']:03}", row["day"])
            parts.append((*key, *(row["parts"][part] for part in WEIGHTS)))
            score = self.score(row)
            scores += [(*key, model, score, self.segment(score)) for model in ("value_v2", "retention_b2b")]
            outcomes.append((row["number"], *key, row["active"], row["days_to_left"], row["days_known"]))
        frames = {
            "parts": pd.DataFrame(parts, columns=["household_id", "score_date", *WEIGHTS]),
            "scores": pd.DataFrame(
                scores, columns=["household_id", "score_date", "health_model", "score", "segment"]
            ),
            "outcomes": pd.DataFrame(
                outcomes, columns=["n", "household_id", "score_date", "a", "left", "known"]
            ),
        }
        frames = {name: rows.astype(object).where(rows.notna(), None) for name, rows in frames.items()}
        with duckdb.connect(str(file)) as connection:
            for name, rows in frames.items():
                connection.register(name, rows)
            connection.execute(TABLES)
            for model in ("value_v2", "retention_b2b"):
                for part, weight in WEIGHTS.items():
                    connection.execute(
                        "insert into rules.health_parts values (?, ?, ?, 'x')", [model, part, weight]
                    )
                for band, (low, high) in BANDS.items():
                    connection.execute(
                        "insert into rules.health_bands values (?, ?, ?, ?, 'x')", [model, band, low, high]
                    )
        return file


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return World().write(tmp_path_factory.mktemp("made") / "made.duckdb")


def table(file: Path, columns: str, *lines: str) -> Path:
    file.write_text("\n".join([columns, *lines]) + "\n", encoding="utf-8")
    return file


def weights_file(folder: Path, *lines: str) -> Path:
    return table(folder / "my_parts.csv", "health_model,part,weight,reason", *lines)


def bands_file(folder: Path, *lines: str) -> Path:
    return table(folder / "my_bands.csv", "health_model,band,min_score,max_score,reason", *lines)


def what_if_of(
    database: Path, weights: dict | None = None, bands: dict | None = None, horizons=(30,)
) -> what_if.WhatIf:
    with duckdb.connect(str(database), read_only=True) as connection:
        present = present_scorecards(connection)
        of = ({"value_v2": weights} if weights else {}), ({"value_v2": bands} if bands else {})
        proposed = proposed_scorecards(connection, present, *of)
        return compare(
            connection,
            "value_v2",
            present["value_v2"],
            proposed["value_v2"],
            settings=replace(QUICK, horizons=horizons),
        )


def refused(call, *arguments) -> str:
    with pytest.raises(Refusal) as refusal:
        call(*arguments)
    return str(refusal.value)


# The rule -------------------------------------------------------------------------

PART = st.none() | st.decimals(0, 100, places=9) | st.integers(0, 200).map(lambda half: Decimal(half) / 2)
SPLIT = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(sorted)


@settings(max_examples=25)
@given(st.lists(st.tuples(PART, PART, PART), min_size=1, max_size=20), SPLIT)
def test_score_is_the_rounded_mean_of_what_is_known(rows, split):
    cuts = [0, *split, 1000]
    weights = {
        part: Decimal(high - low) / 1000 for part, low, high in zip(WEIGHTS, cuts, cuts[1:], strict=False)
    }
    with duckdb.connect() as connection:
        connection.execute(
            f"create table parts (place integer, {', '.join(f'{part} decimal(12, 9)' for part in WEIGHTS)})"
        )
        connection.executemany(
            "insert into parts values (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(rows)]
        )
        score = project_sql(weights).score("m")
        found = connection.execute(f"select {score} from parts order by place").fetchall()
    for (score,), row in zip(found, rows, strict=True):
        assert score == recounted(dict(zip(WEIGHTS, row, strict=True)), weights)


def test_half_is_rounded_up_and_half_known_is_enough():
    both = {"a": Decimal("0.500"), "b": Decimal("0.500")}
    for a, b, score in ((61, 62, 62), (None, 70, 70), (0, 1, 1), (None, None, None)):
        with duckdb.connect() as connection:
            values = ", ".join(
                f"cast({'null' if v is None else v} as decimal(12, 9)) as {n}"
                for n, v in (("a", a), ("b", b))
            )
            query = f"select {project_sql(both).score('m')} from (select {values})"
            assert connection.execute(query).fetchone() == (score,)
    with duckdb.connect() as connection:
        less = project_sql({"a": Decimal("0.501"), "b": Decimal("0.499")}).score("m")
        query = (
            f"select {less} from (select cast(null as decimal(12, 9)) as a, cast(70 as decimal(12, 9)) as b)"
        )
        assert connection.execute(query).fetchone() == (None,)


def test_the_formula_is_that_of_the_macros(tmp_path):
    """A changed macro changes the scores: Python has no formula."""
    macros = shutil.copytree(REPOSITORY / "macros" / "health", tmp_path / "macros")
    rounded = macros / "rounded_score.sql"
    rounded.write_text(rounded.read_text().replace("as decimal(12, 9)), 0)", "as decimal(12, 9)) + 7, 0)"))
    rows = {"health_parts": [{"part": "a", "weight": Decimal(1)}]}
    with duckdb.connect() as connection:
        for folder, score in ((REPOSITORY / "macros", 60), (macros, 67)):
            sql = ProjectSql(VARS, lambda seed, where, order_by: rows[seed], folder).score("m")
            assert connection.execute(f"select {sql} from (select 60 as a)").fetchone() == (score,)


# The comparison -------------------------------------------------------------------


def test_present_weights_change_nothing(database):
    found = what_if_of(database, WEIGHTS)
    assert (found.change_band, found.changed_scores, found.customers) == (0, 0, 120)
    assert (found.mean_change, found.largest_fall, found.largest_rise) == (0, 0, 0)
    difference = figure(found, "auc_against_primary", PROPOSED, 30, "all")
    assert (difference["value"], difference["p_value"]) == (0, 1)
    assert verdict(found) == "The weights stay the same, and so does the ranking."


def test_other_weights_give_what_is_computed_recounted(database):
    other = {"usage": Decimal("0.8"), "support": Decimal("0.1"), "payment": Decimal("0.1")}
    found = what_if_of(database, other, horizons=(30, 60))
    world = World()
    rows = pd.DataFrame(
        {
            "day": row["day"],
            "active": row["active"],
            "left": row["days_to_left"],
            "known": row["days_known"],
            PRESENT: recounted(row["parts"], WEIGHTS),
            PROPOSED: recounted(row["parts"], other),
        }
        for row in world.rows
    )
    now = rows[rows.day == AS_OF]
    moved = Counter(
        tuple(world.segment(None if pd.isna(score) else int(score)) or "unknown" for score in pair)
        for pair in zip(now[PRESENT], now[PROPOSED], strict=True)
    )
    assert found.moved == moved and found.change_band > 0
    change = (now[PROPOSED] - now[PRESENT]).dropna()
    assert found.mean_change == pytest.approx(change.mean())
    assert (found.largest_fall, found.largest_rise) == (change.min(), change.max())
    for horizon in (30, 60):
        for population in POPULATIONS:
            counted = rows[(rows.known >= horizon) & rows[PRESENT].notna() & rows[PROPOSED].notna()]
            counted = counted[counted.active] if population == "active_7d" else counted
            left = counted.left.notna() & (counted.left <= horizon)
            areas = {}
            for whose in (PRESENT, PROPOSED):
                one = figure(found, "auc", whose, horizon, population)
                assert (one["n"], one["left"]) == (len(counted), left.sum())
                areas[whose] = auc_by_pairs(counted[whose], left)
                assert one["value"] == pytest.approx(areas[whose])
                assert one["ci_low"] < one["value"] < one["ci_high"]
            difference = figure(found, "auc_against_primary", PROPOSED, horizon, population)
            assert difference["value"] == pytest.approx(areas[PROPOSED] - areas[PRESENT])
    assert "rank better: more than noise" in verdict(found), "usage predicts leaving here"


def test_weights_without_a_part_can_make_scores_unknown(database):
    found = what_if_of(database, {"usage": Decimal("1")})
    gone = sum(row["day"] == AS_OF and row["parts"]["usage"] is None for row in World().rows)
    was = sum(n for (before, after), n in found.moved.items() if after == "unknown")
    assert was == gone > 0


def test_other_bands_move_households_and_no_score(database):
    found = what_if_of(database, bands={"Top": (90, 100), "Rest": (0, 89)})
    scores = [World().score(row) for row in World().rows if row["day"] == AS_OF]
    after = Counter(after for (_, after), n in found.moved.items() for _ in range(n))
    assert after["Top"] == sum(score is not None and score >= 90 for score in scores)
    assert found.changed_scores == 0
    rates = figure(found, "band_rate", PROPOSED, 30, "active_7d", "Rest")
    assert rates["n"] > 0


def test_no_leaver_is_reported_and_not_guessed(tmp_path):
    database = World(leavers=False).write(tmp_path / "made.duckdb")
    found = what_if_of(database, {"usage": Decimal("1")})
    assert verdict(found).endswith("it is unknown whether the proposed weights rank better: nobody left.")
    screen = Console(file=io.StringIO(), width=100)
    what_if.show(found, screen)
    assert "none: nobody left" in screen.file.getvalue() and "nan" not in screen.file.getvalue()


# Invalid input ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["value_v2,usage,0.5,x", "value_v2,support,0.4,x"],
            "the weights of value_v2 sum to 0.900, not to 1",
        ),
        (["value_v2,usage,1.5,x"], "line 2: the weight '1.5' is no number from 0 to 1"),
        (["value_v2,usage,nan,x"], "'nan' is no number"),
        (["value_v2,usage,much,x"], "'much' is no number"),
        (["value_v2,usage,0.3333,x", "value_v2,support,0.6667,x"], "at most three decimals"),
        (["value_v2,usage,0.5,x", "value_v2,usage,0.5,x"], "line 3: usage of value_v2 has two rows"),
        (["value_v2,,1,x"], "line 2: part is empty"),
        ([], "has no rows"),
    ],
)
def test_invalid_weights(tmp_path, lines, message):
    assert message in refused(read_weights, weights_file(tmp_path, *lines))


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([(50, 100), (0, 48)], "leave out 49 to 49"),
        ([(50, 100), (0, 50)], "overlap at 50"),
        ([(50, 99), (0, 49)], "leave out 100 to 100"),
        ([(1, 100)], "leave out 0 to 0"),
        ([(0, 101)], "from 0 to 101 is not within 0 to 100"),
        ([(-1, 100)], "from -1 to 100 is not within"),
        ([(60, 50), (0, 100)], "overlap at 60|from 60 to 50"),
    ],
)
def test_invalid_bands(tmp_path, spans, message):
    lines = [f"value_v2,band {place},{low},{high},x" for place, (low, high) in enumerate(spans)]
    output = refused(read_bands, bands_file(tmp_path, *lines))
    assert any(part in output for part in message.split("|")), output


@given(st.sets(st.integers(1, 100), max_size=8))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_valid_bands_cover_each_score_once(tmp_path, starts):
    lows = sorted({0, *starts})
    lines = [f"m,b{low},{low},{high - 1},x" for low, high in zip(lows, [*lows[1:], 101], strict=True)]
    sql = project_sql({}, read_bands(bands_file(tmp_path, *reversed(lines)))["m"]).band("m", "score")
    with duckdb.connect() as connection:
        scores = "(select unnest(range(101)) as score union all select null)"
        found = dict(connection.execute(f"select score, {sql} from {scores}").fetchall())
    assert found.pop(None) is None
    assert found == {score: f"b{max(low for low in lows if low <= score)}" for score in range(101)}


def test_files_that_cannot_be_read(tmp_path):
    assert "cannot be read" in refused(read_weights, tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("health_model,part,weight\nvalue_v2,caf\xe9,1".encode("latin-1"))
    assert "cannot be read" in refused(read_weights, tmp_path / "latin.csv")
    semicolons = table(tmp_path / "semicolons.csv", "health_model;part;weight", "value_v2;usage;1")
    assert "has no column health_model, part, weight" in refused(read_weights, semicolons)
    text = bands_file(tmp_path, "value_v2,Good,low,100,x")
    assert "whole numbers" in refused(read_bands, text)


def test_unknown_names(database, tmp_path, capsys):
    command = ["--database", str(database), "--weights"]
    assert main([*command, str(weights_file(tmp_path, "value_v3,usage,1,x"))]) == 1
    assert "There is no scorecard value_v3; there are retention_b2b, value_v2." in capsys.readouterr().err
    assert main([*command, str(weights_file(tmp_path, "value_v2,luck,1,x"))]) == 1
    assert "there is no part luck; there are payment, support, usage" in capsys.readouterr().err
    good = str(weights_file(tmp_path, "value_v2,usage,1,x"))
    assert main([*command, good, "--model", "retention_b2b"]) == 1
    assert "have no row of retention_b2b" in capsys.readouterr().err
    assert main([*command, good, "--model", "guide_v9"]) == 1
    assert "no scorecard guide_v9" in capsys.readouterr().err


def test_weights_of_parts_that_are_known_in_part_are_refused_and_their_bands_are_not(
    database, tmp_path, capsys
):
    command = ["--database", str(database), "--horizon", "30"]
    weights = weights_file(tmp_path, "retention_b2b,usage,1,x")
    assert main([*command, "--weights", str(weights)]) == 1
    assert "are not stored" in capsys.readouterr().err
    bands = bands_file(tmp_path, "retention_b2b,All,0,100,x")
    screen = Console(file=io.StringIO(), width=100)
    assert main([*command, "--bands", str(bands)], screen) == 0
    world = World()
    known = sum(row["day"] == AS_OF and world.score(row) is not None for row in world.rows)
    assert f"{known} of 120 current customers change band" in screen.file.getvalue()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "update rules.health_parts set weight = 0.4 where part = 'usage'",
            "are not what the present weights give",
        ),
        (
            "update rules.health_bands set max_score = 58 where band = 'Bad'",
            "bands of value_v2 make it unknown",
        ),
        (
            "update rules.health_bands set min_score = 61 where band = 'Good';"
            " update rules.health_bands set max_score = 60 where band = 'Bad'",
            "A score of 60 is stored as Good and the present bands of value_v2 make it Bad",
        ),
        (
            "delete from intermediate.int_health_parts where score_date = '2026-06-30'",
            "are not what the present",
        ),
        (
            "delete from intermediate.int_health_outcomes where household_number = 1",
            "lacks the outcome of 10 of 1,200",
        ),
        ("delete from analytics.fct_health_scores", "there is nothing to compare"),
        ("drop table intermediate.int_health_outcomes", "are not those of this project"),
        ("alter table build.parameters drop vars", "has no record of its vars"),
        ("update build.parameters set vars = '{}'", "has no record of its vars"),
        ("update rules.health_parts set part = 'luck' where part = 'usage'", "are not those of this project"),
    ],
)
def test_rules_that_were_not_built_are_refused(database, tmp_path, capsys, change, message):
    database = shutil.copy(database, tmp_path / "changed.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute(change)
    weights = weights_file(tmp_path, "value_v2,usage,0.5,x", "value_v2,support,0.5,x")
    assert main(["--database", str(database), "--weights", str(weights)]) == 1
    output = capsys.readouterr().err
    assert message in output and output.count("\n") == 1, output


def test_command_needs_something_to_compare(database, tmp_path, capsys):
    for arguments in (
        [],
        ["--weights", "x.csv", "--horizon", "0"],
        ["--weights", "x.csv", "--horizon", "30", "30"],
    ):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2
    capsys.readouterr()
    good = str(weights_file(tmp_path, "value_v2,usage,1,x"))
    assert main(["--weights", good, "--database", str(tmp_path / "none.duckdb")]) == 1
    assert "There is no database" in capsys.readouterr().err
    (tmp_path / "text.duckdb").write_text("no database at all")
    assert main(["--weights", good, "--database", str(tmp_path / "text.duckdb")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_database_is_left_as_it_is(database, tmp_path):
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    screen = Console(file=io.StringIO(), width=100)
    weights = weights_file(tmp_path, "value_v2,usage,0.7,x", "value_v2,payment,0.3,x")
    # DuckDB cannot open for writing what is open for reading here.
    with duckdb.connect(str(database), read_only=True):
        assert main(["--database", str(database), "--weights", str(weights), "--horizon", "30"], screen) == 0
    assert "SYNTHETIC data" in screen.file.getvalue()
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


# A whole build --------------------------------------------------------------------


def test_seed_of_the_project_changes_no_household_of_a_whole_build(warehouse_database):
    screen = Console(file=io.StringIO(), width=120)
    arguments = ["--database", str(warehouse_database), "--weights", str(SEEDS / "health_parts.csv")]
    arguments += ["--bands", str(SEEDS / "health_bands.csv"), "--horizon", "30"]
    assert main(arguments, screen) == 0
    output = screen.file.getvalue()
    assert output.count("The files change nothing; this is the present state.") == 2
    for model in ("guide_v1", "value_v2"):
        assert f"{model} as of 2026-06-30" in output
    assert output.count(" 0 of ") + output.count("\n0 of ") >= 2
    assert output.count("current customers change band") == 2


@pytest.mark.parametrize("model", ["guide_v1", "value_v2"])
def test_changed_weights_on_a_whole_build_agree_with_pandas(warehouse_database, tmp_path, model):
    with (SEEDS / "health_parts.csv").open() as seed:
        now = {
            row["part"]: Decimal(row["weight"])
            for row in csv.DictReader(seed)
            if row["health_model"] == model
        }
    first, last = sorted(now, key=lambda part: now[part])[0], sorted(now, key=lambda part: now[part])[-1]
    other = now | {first: now[first] + Decimal("0.15"), last: now[last] - Decimal("0.15")}
    read = read_weights(
        weights_file(tmp_path, *(f"{model},{part},{weight},x" for part, weight in other.items()))
    )
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        present = present_scorecards(connection)
        proposed = proposed_scorecards(connection, present, read, {})
        asked = replace(Settings.of_build(connection), horizons=(60,))
        found = compare(connection, model, present[model], proposed[model], settings=asked)
        rows = connection.execute(
            """select parts.*, scores.overall_score as stored, scores.segment, outcomes.is_active_7d,
                outcomes.days_to_left, outcomes.days_known
            from analytics.fct_health_scores as scores
            join intermediate.int_health_parts as parts using (household_id, score_date)
            join intermediate.int_health_outcomes as outcomes using (household_id, score_date)
            where scores.health_model = ?""",
            [model],
        ).df()
        stored = connection.execute(
            """select n, churned, auc, auc_ci_low, auc_ci_high from analytics.rpt_health_backtest
            where health_model = ? and horizon_days = 60 and population = 'all' and sample = 'own'""",
            [model],
        ).fetchone()
    # Independent of the SQL: the recount row by row, bands by comparison, AUC by ranks.
    parts = rows[list(other)].astype(object).where(rows[list(other)].notna(), None)
    exact = [
        {part: None if value is None else Decimal(str(round(value, 9))) for part, value in row.items()}
        for row in parts.to_dict("records")
    ]
    rows["now"] = pd.array([recounted(row, now) for row in exact], dtype="Int64")
    rows["then"] = pd.array([recounted(row, other) for row in exact], dtype="Int64")
    assert rows.now.fillna(-1).eq(rows.stored.fillna(-1).astype(int)).all()
    current = rows[rows.score_date == pd.Timestamp("2026-06-30")]
    edges = sorted((low, band) for band, (low, _) in present[model].bands.items())

    def band(score) -> str:
        return "unknown" if pd.isna(score) else [name for low, name in edges if low <= score][-1]

    pairs = Counter(
        zip(current.now.map(band, na_action=None), current.then.map(band, na_action=None), strict=True)
    )
    assert found.moved == pairs and found.change_band > 0
    change = (current.then - current.now).dropna()
    assert (found.largest_fall, found.largest_rise) == (change.min(), change.max())
    assert found.mean_change == pytest.approx(change.astype(float).mean())
    counted = rows[(rows.days_known >= 60) & rows.now.notna() & rows.then.notna()]
    left = counted.days_to_left.notna() & (counted.days_to_left <= 60)
    for whose, column in ((PRESENT, "now"), (PROPOSED, "then")):
        ranks = counted[column].astype(float).rank()
        stayed, gone = (~left).sum(), left.sum()
        area = 1 - (ranks[left].sum() - gone * (gone + 1) / 2) / (gone * stayed)
        one = figure(found, "auc", whose, 60, "all")
        assert one["value"] == pytest.approx(area) and (one["n"], one["left"]) == (len(counted), gone)
    # The present scorecard on its own rows is what the report of the build has, intervals included.
    own = found.backtest.query("measure == 'auc' and health_model == 'present' and sample == 'own'")
    own = own[own.population == "all"].iloc[0]
    assert [own.n, own.left, own.value, own.ci_low, own.ci_high] == pytest.approx(list(stored))
