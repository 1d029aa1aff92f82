"""``python -m customer_success.health.what_if``: what other weights or bands would change, before they ship.

The scores of all customers and score dates are computed again from the stored scores of the parts, by the
rule of the project (macros ``weighted_score`` and ``rounded_score``): with the present weights, which has to
give the stored scores, and with the proposed ones. Shown are how many customers change band, and how well
either ranks who leaves. The database is opened read-only.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pandas as pd
import yaml
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from customer_success.health.backtest import backtest

PROJECT_FILE = Path(__file__).resolve().parents[3] / "dbt_project.yml"
PRESENT, PROPOSED = "present", "proposed"
UNKNOWN = "unknown"
POPULATIONS = {"active_7d": "active in the last 7 days", "all": "all customers"}
# Scorecards of which the stored parts say all: a part is known or it is not.
RECOMPUTED = ("guide_v1", "value_v2")
WEIGHT_STEP = Decimal("0.001")  # three decimals: what seed health_parts holds


class Refusal(Exception):
    """Why nothing is compared: one message for whoever asked."""


@dataclass(frozen=True)
class Settings:
    """Values of the project (vars of ``dbt_project.yml``) that the comparison uses."""

    min_known_weight: Decimal
    replicates: int
    seed: int

    @classmethod
    def of_project(cls, file: Path = PROJECT_FILE) -> Settings:
        """The settings in ``file``; Refusal where it cannot be read or one is missing."""
        try:
            variables = yaml.safe_load(file.read_text(encoding="utf-8"))["vars"]
            return cls(
                min_known_weight=Decimal(str(variables["min_known_weight"])),
                replicates=int(variables["backtest_replicates"]),
                seed=int(variables["random_seed"]),
            )
        except (OSError, yaml.YAMLError, KeyError, TypeError) as problem:
            raise Refusal(f"The vars of the project cannot be read from {file}: {problem}") from problem


@dataclass(frozen=True)
class Scorecard:
    """Weights (part -> 0-1, sum 1) and bands (name -> lowest and highest score, 0-100 without gaps)."""

    weights: Mapping[str, Decimal]
    bands: Mapping[str, tuple[int, int]]

    def band_of(self, score: int | None) -> str:
        """The band of a rounded score; an unknown score lies in ``unknown``."""
        if score is None:
            return UNKNOWN
        return next(band for band, (low, high) in self.bands.items() if low <= score <= high)


@dataclass(frozen=True)
class WhatIf:
    """What the proposed scorecard changes.

    ``moved``: current customers by (band now, band then). ``mean_change``, ``largest_fall`` and
    ``largest_rise`` are points over the current customers whose score is known both times (None without any);
    ``backtest`` has the rows of `backtest` with the scorecards ``present`` and ``proposed``, the difference
    (proposed less present) as its measure ``auc_against_primary``.
    """

    health_model: str
    as_of_date: date
    synthetic: bool
    present: Scorecard
    proposed: Scorecard
    score_dates: int
    moved: Mapping[tuple[str, str], int]
    changed_scores: int
    mean_change: float | None
    largest_fall: int | None
    largest_rise: int | None
    horizons: tuple[int, ...]
    backtest: pd.DataFrame

    @property
    def customers(self) -> int:
        """Number of current customers."""
        return sum(self.moved.values())

    @property
    def change_band(self) -> int:
        """Number of current customers whose band changes."""
        return sum(count for (before, after), count in self.moved.items() if before != after)


# What is asked --------------------------------------------------------------------


def read_weights(file: Path) -> dict[str, dict[str, Decimal]]:
    """Weights by scorecard and part from a CSV file with the columns of seed ``health_parts``.

    Refusal where the file cannot be read, a column or value is missing, a weight is no number of 0-1 with at
    most three decimals (what the seed can hold), a part stands twice, or the weights of a scorecard do not
    sum to 1.
    """
    weights: dict[str, dict[str, Decimal]] = {}
    for line, row in _read(file, ("health_model", "part", "weight")):
        try:
            weight = Decimal(row["weight"])
        except InvalidOperation:
            weight = Decimal("NaN")
        if not (weight.is_finite() and 0 <= weight <= 1 and weight % WEIGHT_STEP == 0):
            raise Refusal(
                f"{file}, line {line}: the weight {row['weight']!r} is no number from 0 to 1 with at most"
                " three decimals."
            )
        of = weights.setdefault(row["health_model"], {})
        if row["part"] in of:
            raise Refusal(f"{file}, line {line}: {row['part']} of {row['health_model']} stands twice.")
        of[row["part"]] = weight.quantize(WEIGHT_STEP)
    for model, of in weights.items():
        if sum(of.values()) != 1:
            raise Refusal(f"{file}: the weights of {model} sum to {sum(of.values())}, not to 1.")
    return weights


def read_bands(file: Path) -> dict[str, dict[str, tuple[int, int]]]:
    """Bands by scorecard from a CSV file with the columns of seed ``health_bands``, the best band first.

    Refusal where the file cannot be read, a column or value is missing, a bound is no whole number, a band
    stands twice, or the bands of a scorecard leave a gap in 0-100, overlap or go beyond.
    """
    bands: dict[str, dict[str, tuple[int, int]]] = {}
    for line, row in _read(file, ("health_model", "band", "min_score", "max_score")):
        try:
            low, high = int(row["min_score"]), int(row["max_score"])
        except ValueError:
            raise Refusal(f"{file}, line {line}: the bounds of a band are whole numbers.") from None
        of = bands.setdefault(row["health_model"], {})
        if row["band"] in of:
            raise Refusal(f"{file}, line {line}: {row['band']} of {row['health_model']} stands twice.")
        if row["band"] == UNKNOWN:
            raise Refusal(f"{file}, line {line}: {UNKNOWN!r} is the word for a score that is not known.")
        of[row["band"]] = (low, high)
    for model, of in bands.items():
        bands[model] = dict(sorted(of.items(), key=lambda item: item[1], reverse=True))
        _must_cover(file, model, sorted(of.values()))
    return bands


def _read(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values of each row; Refusal where there is no such table."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            rows = [(reader.line_num, row) for row in reader]
            names = reader.fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Refusal(f"{file} cannot be read: {problem}") from problem
    missing = [name for name in columns if name not in names]
    if missing:
        raise Refusal(f"{file} has no column {', '.join(missing)}; needed are {', '.join(columns)}.")
    if not rows:
        raise Refusal(f"{file} has no rows.")
    for line, row in rows:
        values = {name: (row[name] or "").strip() for name in columns}
        empty = [name for name, value in values.items() if not value]
        if empty:
            raise Refusal(f"{file}, line {line}: {', '.join(empty)} is empty.")
        yield line, values


def _must_cover(file: Path, model: str, spans: list[tuple[int, int]]) -> None:
    """Refuse unless the spans, in ascending order, hold each score of 0-100 once."""
    reached = -1
    for low, high in spans:
        if not 0 <= low <= high <= 100:
            raise Refusal(f"{file}: a band of {model} from {low} to {high} is none within 0 to 100.")
        if low > reached + 1:
            raise Refusal(f"{file}: the bands of {model} leave out {reached + 1} to {low - 1}.")
        if low <= reached:
            raise Refusal(f"{file}: the bands of {model} overlap at {low}.")
        reached = high
    if reached < 100:
        raise Refusal(f"{file}: the bands of {model} leave out {reached + 1} to 100.")


def present_scorecards(connection: duckdb.DuckDBPyConnection) -> dict[str, Scorecard]:
    """The scorecards of the build, by name; Refusal where their rules are not in the database."""
    weights: dict[str, dict[str, Decimal]] = {}
    bands: dict[str, dict[str, tuple[int, int]]] = {}
    for model, part, weight in _fetch(
        connection, "select health_model, part, weight from rules.health_parts order by all"
    ):
        weights.setdefault(model, {})[part] = weight
    for model, band, low, high in _fetch(
        connection,
        "select health_model, band, min_score, max_score from rules.health_bands order by 1, 3 desc",
    ):
        bands.setdefault(model, {})[band] = (low, high)
    return {model: Scorecard(of, bands.get(model, {})) for model, of in weights.items()}


def proposed_scorecards(
    connection: duckdb.DuckDBPyConnection,
    present: Mapping[str, Scorecard],
    weights: Mapping[str, Mapping[str, Decimal]],
    bands: Mapping[str, Mapping[str, tuple[int, int]]],
) -> dict[str, Scorecard]:
    """The scorecards that the files speak of, what they leave out as it is at present.

    Refusal for an unknown scorecard or part.
    """
    proposed = {}
    for model in sorted({*weights, *bands}):
        if model not in present:
            raise Refusal(f"There is no scorecard {model}; there are {', '.join(sorted(present))}.")
        changed = present[model]
        if model in bands:
            changed = replace(changed, bands=bands[model])
        if model in weights:
            known = _stored_parts(connection) if model in RECOMPUTED else set(present[model].weights)
            strange = sorted(set(weights[model]) - known)
            if strange:
                raise Refusal(f"{model}: there is no part {', '.join(strange)}; {_are(known)}.")
            changed = replace(changed, weights=weights[model])
        proposed[model] = changed
    return proposed


def _are(names: set[str]) -> str:
    return f"there are {', '.join(sorted(names))}"


def _stored_parts(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Parts of which the score is stored, by their columns."""
    found = _fetch(
        connection,
        "select column_name from information_schema.columns where table_schema = 'intermediate'"
        " and table_name = 'int_health_parts' and data_type = 'DECIMAL(12,9)'",
    )
    return {name for (name,) in found}


def _fetch(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence = ()) -> list[tuple]:
    try:
        return connection.execute(query, list(parameters)).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as problem:
        said = str(problem).splitlines()[0]
        raise Refusal(f"The health tables of the database are not those of this project: {said}") from problem


# What comes of it -----------------------------------------------------------------


def compare(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    present: Scorecard,
    proposed: Scorecard,
    *,
    settings: Settings,
    horizons: Sequence[int] = (30, 60, 90),
) -> WhatIf:
    """Compare a proposed scorecard with the present one over all customers and score dates.

    ``horizons`` are days within which leaving counts. Refusal where there are no scores, where the present
    rules do not give exactly the stored scores and bands (the rules were changed after the build), or where
    other weights cannot be computed from what is stored.
    """
    changes_weights = _significant(proposed.weights) != _significant(present.weights)
    if changes_weights and model not in RECOMPUTED:
        raise Refusal(
            f"Other weights of {model} cannot be tried here: its parts may be known in part, and what share"
            " of each is known is not stored. Its bands can; its weights are compared by building a copy of"
            f" the project. Weights can be tried for {' and '.join(RECOMPUTED)}."
        )
    _compute(connection, model, present, proposed, settings)
    _must_be_built(connection, model, present)
    as_of = _fetch(connection, "select max(as_of_date) from build.parameters")[0][0]
    current = Counter()
    for before, after, count in _fetch(
        connection,
        f"select {PRESENT}, {PROPOSED}, count(*) from what_if where score_date = ? group by all",
        [as_of],
    ):
        current[before, after] += count
    moved = Counter()
    for (before, after), count in current.items():
        moved[present.band_of(before), proposed.band_of(after)] += count
    changes = [(after - before, n) for (before, after), n in current.items() if None not in (before, after)]
    known = sum(n for _, n in changes)
    rows = connection.execute(
        f"select household_number, {PRESENT}, {PROPOSED}, is_active_7d, days_to_left, days_known from what_if"
    ).to_arrow_table()
    return WhatIf(
        health_model=model,
        as_of_date=as_of,
        synthetic=bool(
            _fetch(connection, "select bool_or(is_synthetic) from analytics.dim_households")[0][0]
        ),
        present=present,
        proposed=proposed,
        score_dates=_fetch(connection, "select count(distinct score_date) from what_if")[0][0],
        moved=moved,
        changed_scores=sum(n for (before, after), n in current.items() if before != after),
        mean_change=sum(change * n for change, n in changes) / known if known else None,
        largest_fall=min((change for change, _ in changes), default=None),
        largest_rise=max((change for change, _ in changes), default=None),
        horizons=tuple(horizons),
        backtest=backtest(
            rows,
            (PRESENT, PROPOSED),
            primary=PRESENT,
            bands={
                name: {band: low for band, (low, _) in scorecard.bands.items()}
                for name, scorecard in ((PRESENT, present), (PROPOSED, proposed))
            },
            horizons=horizons,
            replicates=settings.replicates,
            seed=settings.seed,
        ),
    )


def score_sql(weights: Mapping[str, Decimal], min_known_weight: Decimal) -> str:
    """SQL of the published score (0-100 or null) over columns named like the parts.

    The weighted mean of the known parts, unknown where less than ``min_known_weight`` of the weight is known;
    brought to nine decimals, then rounded once, half away from zero.
    """
    points = " + ".join(f'coalesce("{part}", 0) * {weight}' for part, weight in sorted(weights.items()))
    known = " + ".join(
        f'case when "{part}" is null then 0 else {weight} end' for part, weight in sorted(weights.items())
    )
    mean = f"(({points}) / nullif({known}, 0))"
    return (
        f"case when round(({known}), 9) >= {min_known_weight}"
        f" then cast(round(cast({mean} as decimal(12, 9)), 0) as integer) end"
    )


def _significant(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {part: weight for part, weight in weights.items() if weight}


def _compute(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    present: Scorecard,
    proposed: Scorecard,
    settings: Settings,
) -> None:
    """Fill the temporary table ``what_if``: stored, present and proposed score and what came of it."""
    scores = {PRESENT: "overall_score", PROPOSED: "overall_score"}
    parts = ""
    if model in RECOMPUTED:
        scores[PRESENT] = score_sql(present.weights, settings.min_known_weight)
        scores[PROPOSED] = score_sql(proposed.weights, settings.min_known_weight)
        parts = "left join intermediate.int_health_parts as parts using (household_id, score_date)"
    _fetch(
        connection,
        f"""create or replace temp table what_if as
        with stored as (
            select household_id, score_date, overall_score, segment
            from analytics.fct_health_scores where health_model = ?
        )
        select
            stored.household_id, stored.score_date, stored.overall_score as stored, stored.segment,
            {scores[PRESENT]} as {PRESENT}, {scores[PROPOSED]} as {PROPOSED},
            outcomes.household_number, outcomes.is_active_7d, outcomes.days_to_left, outcomes.days_known
        from stored {parts}
        left join intermediate.int_health_outcomes as outcomes using (household_id, score_date)""",
        [model],
    )


def _must_be_built(connection: duckdb.DuckDBPyConnection, model: str, present: Scorecard) -> None:
    """Refuse unless the rules and the tables in the database are of one build."""
    build = "Build first (`dbt build`), then compare."
    rows, other, without = _fetch(
        connection,
        f"select count(*), count(*) filter (where {PRESENT} is distinct from stored),"
        " count(*) filter (where household_number is null) from what_if",
    )[0]
    if not rows:
        raise Refusal(f"No customer has been scored by {model} yet: there is nothing to compare.")
    if other:
        household, day, stored, score = _fetch(
            connection,
            f"select household_id, score_date, stored, {PRESENT} from what_if"
            f" where {PRESENT} is distinct from stored order by score_date desc, household_id limit 1",
        )[0]
        raise Refusal(
            f"{other:,} of {rows:,} stored scores of {model} are not what the present weights give (the"
            f" first: {household} on {day}, stored {_or_unknown(stored)}, computed {_or_unknown(score)}): the"
            f" rules were changed after the last build. {build}"
        )
    for score, segment in _fetch(connection, "select distinct stored, segment from what_if order by all"):
        if score is not None and not any(low <= score <= high for low, high in present.bands.values()):
            raise Refusal(f"The present bands of {model} leave out {score}. {build}")
        if (segment or UNKNOWN) != present.band_of(score):
            raise Refusal(
                f"A score of {_or_unknown(score)} is stored as {segment} and the present bands of {model}"
                f" make it {present.band_of(score)}: the bands were changed after the last build. {build}"
            )
    if without:
        raise Refusal(
            f"What came of {without:,} of {rows:,} scores of {model} is not in the database. {build}"
        )


def _or_unknown(value: object) -> object:
    return UNKNOWN if value is None else value


# What is shown --------------------------------------------------------------------


def show(found: WhatIf, console: Console) -> None:
    """Print the comparison: weights, bands of the current customers, change of the scores, back-test."""
    kind = "[bold]SYNTHETIC data[/bold]" if found.synthetic else "live data"
    dates = f"as of {found.as_of_date}, {found.score_dates} score dates"
    console.print(f"\n[bold]{found.health_model}[/bold] {dates}, {kind}")
    if found.proposed == found.present:
        console.print("The files change nothing; this is how it stands.")
    _show_weights(found, console)
    _show_moved(found, console)
    for population in POPULATIONS:
        _show_backtest(found, population, console)
    console.print(
        "AUC: 0.5 is chance, 1 perfect. Lift: how much more often the tenth with the lowest scores leaves."
        " Rows: customers × score dates of which both scores and what came of them are known; intervals by a"
        " bootstrap over households.\n"
    )
    if found.proposed.bands != found.present.bands:
        _show_band_rates(found, console)
    console.print(verdict(found))


def _table(title: str, columns: Sequence[str], left: int = 1) -> Table:
    """An empty table; the first ``left`` columns hold words, the others numbers."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for place, name in enumerate(columns):
        table.add_column(escape(name), justify="left" if place < left else "right")
    return table


def _show_weights(found: WhatIf, console: Console) -> None:
    table = _table("Weights", ("part", PRESENT, PROPOSED))
    for part in sorted({*found.present.weights, *found.proposed.weights}):
        before, after = (of.weights.get(part, Decimal(0)) for of in (found.present, found.proposed))
        table.add_row(part, f"{before:.3f}", f"{after:.3f}", style=None if before == after else "bold")
    console.print(table)


def _show_moved(found: WhatIf, console: Console) -> None:
    rows, columns = list(found.present.bands), list(found.proposed.bands)
    if any(UNKNOWN in pair for pair in found.moved):
        rows, columns = [*rows, UNKNOWN], [*columns, UNKNOWN]
    table = _table(
        f"{found.change_band:,} of {found.customers:,} current customers change band",
        (f"{PRESENT} ↓  {PROPOSED} →", *columns, "all"),
    )
    for before in rows:
        counts = [found.moved.get((before, after), 0) for after in columns]
        table.add_row(escape(before), *(f"{count:,}" for count in [*counts, sum(counts)]))
    sums = [sum(found.moved.get((before, after), 0) for before in rows) for after in columns]
    table.add_section()
    table.add_row("all", *(f"{count:,}" for count in [*sums, sum(sums)]))
    console.print(table)
    if found.mean_change is None:
        console.print("No score of a current customer is known both times.\n")
        return
    console.print(
        f"{found.changed_scores:,} of their scores change; over all by {found.mean_change:+.2f} points"
        f" on average, from {found.largest_fall:+d} to {found.largest_rise:+d}.\n"
    )


def _show_backtest(found: WhatIf, population: str, console: Console) -> None:
    table = _table(
        f"Who leaves: back-test, {POPULATIONS[population]}",
        ("within", "scorecard", "AUC", "95% interval", "p", "lift", "95% interval"),
        left=2,
    )
    for horizon in found.horizons:
        for whose in (PRESENT, PROPOSED):
            area, lift = (
                figure(found, measure, whose, horizon, population) for measure in ("auc", "lift_worst_decile")
            )
            size = f"{horizon} days" if whose == PRESENT else f"{area['n']:,} rows"
            table.add_row(size, whose, *_said(area, ".3f"), "", *_said(lift, ".2f"))
        change = figure(found, "auc_against_primary", PROPOSED, horizon, population)
        p = "" if change["reason"] else f"{change['p_value']:.3f}"
        table.add_row(f"{change['left']:,} left", "difference", *_said(change, "+.3f"), p, "", "")
        table.add_section()
    console.print(table)


def _show_band_rates(found: WhatIf, console: Console) -> None:
    horizon, population = found.horizons[0], "active_7d"
    table = _table(
        f"Who leaves within {horizon} days per band, {POPULATIONS[population]}",
        ("scorecard", "band", "rows", "left", "share", "95% interval"),
        left=2,
    )
    for whose, scorecard in ((PRESENT, found.present), (PROPOSED, found.proposed)):
        for band in scorecard.bands:
            one = figure(found, "band_rate", whose, horizon, population, band)
            table.add_row(whose, escape(band), f"{one['n']:,}", f"{one['left']:,}", *_said(one, ".2%"))
        table.add_section()
    console.print(table)


def figure(
    found: WhatIf, measure: str, whose: str, horizon: int, population: str, band: str | None = None
) -> dict:
    """One figure of the back-test on the rows known to both, as a dict with the columns of `backtest`.

    ``measure``, ``horizon`` (days) and ``population`` as there; value, interval and p_value are NaN where
    undefined, with the reason. KeyError where it was not measured.
    """
    asked = {"measure": measure, "health_model": whose, "horizon_days": horizon, "population": population}
    rows = found.backtest
    for column, value in (asked | {"sample": "common"}).items():
        rows = rows[rows[column] == value]
    rows = rows if band is None else rows[rows["band"] == band]
    if rows.empty:
        raise KeyError(tuple(asked.values()))
    return rows.iloc[0].to_dict()


def verdict(found: WhatIf) -> str:
    """One sentence: do the proposed weights rank active customers better, at the first horizon?"""
    if _significant(found.proposed.weights) == _significant(found.present.weights):
        return "The weights stay, and with them the ranking."
    horizon, population = found.horizons[0], "active_7d"
    one = figure(found, "auc_against_primary", PROPOSED, horizon, population)
    whom = f"Among customers {POPULATIONS[population]}, at {horizon} days,"
    if one["reason"]:
        return f"{whom} whether the proposed weights rank better cannot be said: {one['reason']}."
    p = f"p = {one['p_value']:.3f}"
    if one["ci_low"] <= 0 <= one["ci_high"]:
        return f"{whom} the proposed weights rank neither better nor worse: no more than noise ({p})."
    direction = "better" if one["value"] > 0 else "worse"
    return f"{whom} the proposed weights rank {direction}: more than noise ({p})."


def _said(one: Mapping, form: str) -> tuple[str, str]:
    """Value and interval, or the reason why there is none."""
    value = UNKNOWN if pd.isna(one["value"]) else f"{one['value']:{form}}"
    if one["reason"]:
        return value, f"none: {one['reason']}"
    return value, f"{one['ci_low']:{form}} to {one['ci_high']:{form}}"


# The command ----------------------------------------------------------------------


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="customer_success.health.what_if", description=__doc__.split("\n")[0]
    )
    default = os.environ.get("CS_DATABASE", "warehouse/working.duckdb")
    parser.add_argument(
        "--weights", type=Path, help="CSV with the columns of seeds/rules/health/health_parts.csv"
    )
    parser.add_argument(
        "--bands", type=Path, help="CSV with the columns of seeds/rules/health/health_bands.csv"
    )
    parser.add_argument("--model", help="scorecard to compare; without it, those that the files change")
    parser.add_argument("--database", type=Path, default=Path(default), help="database of a finished build")
    parser.add_argument("--horizon", type=int, nargs="+", default=[30, 60, 90], help="days (30 60 90)")
    told = parser.parse_args(arguments)
    if told.weights is None and told.bands is None:
        parser.error("nothing to compare: give --weights, --bands or both")
    if min(told.horizon) < 1 or len(set(told.horizon)) < len(told.horizon):
        parser.error("horizons are different numbers of days, at least 1")
    return told


def _asked(told: argparse.Namespace, present: dict, proposed: dict) -> list[str]:
    """Scorecards to compare: the one asked for, else those that change, else all that the files speak of."""
    if told.model is None:
        changed = [model for model in proposed if proposed[model] != present[model]]
        return changed or [model for model in proposed if model in RECOMPUTED] or list(proposed)
    if told.model not in present:
        raise Refusal(f"There is no scorecard {told.model}; there are {', '.join(sorted(present))}.")
    if told.model not in proposed:
        raise Refusal(f"The files have no row of {told.model}; they have rows of {', '.join(proposed)}.")
    return [told.model]


def main(arguments: list[str] | None = None, console: Console | None = None) -> int:
    """Run the comparison that the command line asks for; 1 and one message where it is refused."""
    told = _arguments(arguments)
    console = console or Console()
    try:
        settings = Settings.of_project()
        weights = read_weights(told.weights) if told.weights else {}
        bands = read_bands(told.bands) if told.bands else {}
        if not told.database.is_file():
            raise Refusal(f"There is no database {told.database}. Build the project first (make build).")
        with duckdb.connect(str(told.database), read_only=True) as connection:
            present = present_scorecards(connection)
            proposed = proposed_scorecards(connection, present, weights, bands)
            for model in _asked(told, present, proposed):
                found = compare(
                    connection,
                    model,
                    present[model],
                    proposed[model],
                    settings=settings,
                    horizons=told.horizon,
                )
                show(found, console)
    except (Refusal, duckdb.IOException) as problem:
        print(str(problem).splitlines()[0], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
