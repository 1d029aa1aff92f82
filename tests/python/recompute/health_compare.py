"""Compares the recomputed health of a sample of households with the tables that dbt built.

On another database: python -m tests.python.recompute.health_compare --raw DIR --database FILE
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd

from customer_success.recount.households import collecting, health_tables, profiles, scorecards
from customer_success.recount.households.billing import Timeline
from customer_success.recount.households.facts import Home, World, as_date
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.sifting import Staged
from customer_success.recount.households.values import day_number

SEED = 20260630
TOLERANCE = Fraction(1, 10**6)
FLOAT_TOLERANCE = Fraction(1, 10**9)
# What the findings and actions are called in the tables, where the specification has no name.
FINDINGS = {"many_open_tickets": "open_tickets"}
WHOLE = "household"  # the part of a finding that is about no part
ACTIONS = ("testimonials", "re-engagement", "invite", "onboarding", "escalation", "nurture")
TABLES = (
    "fct_health_scores",
    "customer_health_scores",
    "fct_customer_health",
    "fct_trend_alerts",
    "fct_health_alerts",
    "fct_health_drivers",
    "fct_health_findings",
    "fct_customer_profiles",
    "rpt_premium_adoption_risk",
)


class Difference(NamedTuple):
    """One value on which the two sides do not agree."""

    table: str
    column: str
    household_id: str
    key: str
    ours: object
    theirs: object

    def __str__(self) -> str:
        """Say it in a line."""
        ours = float(self.ours) if isinstance(self.ours, Fraction) else self.ours
        return f"{self.table}.{self.column} {self.household_id} {self.key}: ours {ours}, theirs {self.theirs}"


# ---------------------------------------------------------------------------------- sampling


def some_households(size: int, seed: int = SEED) -> Callable[[Staged, dict[str, Timeline]], list[str]]:
    """Choose at random, but with some of each plan, young ones, with tickets, with failed charges."""

    def choose(staged: Staged, lines: dict[str, Timeline]) -> list[str]:
        rows = staged["app.households"]
        ids = sorted(rows["id"])
        if size >= len(ids):
            return ids
        chance = random.Random(seed)
        signup = {row.id: day_number(row.created_at) for row in rows.itertuples(index=False)}
        charges, tickets = staged["stripe.charge"], staged["zendesk.ticket"]
        kinds: list[set[str]] = [
            {i for i in ids if lines[i].at(staged.as_of).plan == p} for p in staged.rules.plans
        ]
        kinds.append({i for i in ids if signup[i] > staged.as_of - 90})
        kinds.append(set(tickets["household_id"]))
        kinds.append(set(charges["household_id"][charges["status"] == "failed"]))
        kinds.append(set(staged["hubspot.contact"]["household_id"]))
        chosen: set[str] = set()
        for kind in kinds:
            some = sorted(kind & set(ids))
            chosen |= set(chance.sample(some, min(len(some), size // 10)))
        rest = [i for i in ids if i not in chosen]
        return sorted(chosen | set(chance.sample(rest, max(0, size - len(chosen)))))

    return choose


def some_dates(world: World, size: int, seed: int = SEED) -> list[int]:
    """Choose Sundays spread over the history (one of each stretch), and the day of the build."""
    dates = world.score_dates()
    if size >= len(dates) - 1:
        return dates
    oldest = min((home.signup for home in world.homes.values()), default=dates[0])
    sundays = [d for d in dates if d >= oldest and d != world.as_of]
    chance = random.Random(seed)
    bounds = [round(len(sundays) * i / size) for i in range(size + 1)]
    stretches = [sundays[a:b] for a, b in pairwise(bounds) if b > a]
    return sorted({*(chance.choice(stretch) for stretch in stretches), world.as_of})


# --------------------------------------------------------------------------------- comparing


def exact(value) -> Fraction | None:
    """Turn any number into a fraction."""
    return None if value is None else Fraction(value)


def same(ours, theirs) -> bool:
    """Compare two values: decimals to six places, floats to nine, the rest as they are."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if isinstance(theirs, bool) or isinstance(ours, (bool, str, date)):
        return ours == theirs
    allowed = FLOAT_TOLERANCE if isinstance(theirs, float) else TOLERANCE if scaled(theirs) else 0
    return abs(exact(ours) - exact(theirs)) <= allowed * max(1, abs(exact(ours)) if allowed else 1)


def scaled(value) -> bool:
    """Return whether a value was rounded to six decimals."""
    return isinstance(value, Decimal) and value.as_tuple().exponent == -6


def languages(database: Path | str, schema: str = "analytics") -> dict[str, str]:
    """Read the language of each message."""
    tables = Tables(database, schema, [])
    rows = tables.connection.execute("select message_id, language from fct_message_sentiment").fetchall()
    tables.close()
    return dict(rows)


class Comparison:
    """Collects the differences, and counts what was compared."""

    def __init__(self):
        self.differences: list[Difference] = []
        self.compared: Counter[str] = Counter()

    def report(self, tables: Iterable[str], examples: int) -> int:
        """Print what was compared and what differs, some of it by column; 0 if nothing does, else 1."""
        for table in tables:
            count = sum(difference.table == table for difference in self.differences)
            print(f"{table:<28}{self.compared[table]:>8} rows {count:>6} differences")
        columns = Counter((difference.table, difference.column) for difference in self.differences)
        for (table, column), count in sorted(columns.items()):
            print(f"{table}.{column}: {count}")
            shown = [x for x in self.differences if (x.table, x.column) == (table, column)]
            for difference in shown[:examples]:
                print(f"  {difference}")
        return 1 if self.differences else 0

    def rows(self, table: str, home: str, key: str, ours: dict | None, theirs: dict | None) -> None:
        """Compare one row; the columns are those that were recomputed."""
        if ours is None and theirs is None:
            return
        self.compared[table] += 1
        if ours is None or theirs is None:
            shown = ["-" if side is None else "a row" for side in (ours, theirs)]
            self.differences.append(Difference(table, "(row)", home, key, *shown))
            return
        for column, value in ours.items():
            if not same(value, theirs[column]):
                self.differences.append(Difference(table, column, home, key, value, theirs[column]))

    def maps(self, table: str, home: str, key: str, ours: dict, theirs: dict) -> None:
        """Compare all rows that two sides have about a household and day, by the rest of the key."""
        for name in sorted(ours.keys() | theirs.keys(), key=str):
            words = name if isinstance(name, tuple) else (name,)
            label = " ".join([key, *(str(word) for word in words if word is not None)])
            self.rows(table, home, label, ours.get(name), theirs.get(name))


class Tables:
    """The built tables, read for the sampled households."""

    def __init__(self, database: Path | str, schema: str, homes: Iterable[str]):
        # Views name the catalogue they were made in, so the file keeps that name here.
        self.connection = duckdb.connect()
        self.connection.execute(f"attach '{database}' as working (read_only)")
        self.connection.execute(f'use working."{schema}"')
        self.connection.register("sample", pd.DataFrame({"household_id": sorted(homes)}))

    def read(self, table: str, key: tuple[str, ...], id_column: str = "household_id") -> dict[tuple, dict]:
        """Read a table by key."""
        relation = self.connection.execute(
            f"select * from {table} where {id_column} in (select household_id from sample)"
        )
        names = [column[0] for column in relation.description]
        rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
        out = {tuple(row[column] for column in key): row for row in rows}
        if len(out) != len(rows):
            raise AssertionError(f"{table}: {len(rows) - len(out)} rows have the key of another")
        return out

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def nested(rows: dict[tuple, dict], depth: int) -> dict[tuple, dict]:
    """Group rows by the first parts of their key."""
    out: dict[tuple, dict] = {}
    for key, row in rows.items():
        rest = key[depth:]
        out.setdefault(key[:depth], {})[rest[0] if len(rest) == 1 else rest] = row
    return out


def ranks_hold(rows: dict[str, dict]) -> bool:
    """Return whether the ranks are 1, 2, … and follow the points lost."""
    ordered = sorted(rows.values(), key=lambda row: row["driver_rank"])
    ranks = [row["driver_rank"] for row in ordered]
    lost = [row["points_lost"] for row in ordered if row["points_lost"] is not None]
    return ranks == list(range(1, len(rows) + 1)) and lost == sorted(lost, reverse=True)


def action_word(text: str) -> str:
    """Name the action that a sentence recommends."""
    return next((word for word in ACTIONS if word in text.lower()), text)


def compare(world: World, database: Path | str, dates: list[int], schema: str = "analytics") -> Comparison:
    """Recompute every table for the households of a world on some dates, and compare."""
    found = Comparison()
    tables = Tables(database, schema, world.homes)
    dated = ("household_id", "score_date")
    scores = tables.read("fct_health_scores", (*dated, "health_model"))
    retention = tables.read("customer_health_scores", ("customer_id", "score_date"), "customer_id")
    days = tables.read("fct_customer_health", dated)
    trends = nested(tables.read("fct_trend_alerts", (*dated, "metric")), 2)
    alerts = nested(tables.read("fct_health_alerts", (*dated, "alert")), 2)
    opened = nested(tables.read("fct_health_drivers", ("household_id", "part")), 1)
    listed = nested(tables.read("fct_health_findings", ("household_id", "kind", "finding", "part")), 1)
    described = tables.read("fct_customer_profiles", ("household_id",))
    risks = tables.read("rpt_premium_adoption_risk", ("household_id",))
    tables.close()

    for home in world.homes.values():
        rows_there = {key[1] for key in days if key[0] == home.id}
        expected = {as_date(d) for d in world.score_dates() if home.is_customer(d)}
        for day in sorted(rows_there ^ expected):
            shown = ["a row" if day in side else "-" for side in (expected, rows_there)]
            found.differences.append(Difference("fct_customer_health", "(row)", home.id, str(day), *shown))
        for d in dates:
            compare_day(found, home, d, world, scores, retention, days, trends, alerts)
        compare_current(found, home, world, opened, listed, described, risks)
    return found


def compare_day(found: Comparison, home: Home, d: int, world: World, *tables: dict) -> None:
    """Compare the tables on a household at a score date."""
    scores, retention, days, trends, alerts = tables
    day = as_date(d)
    for model in world.rules.health.weights:
        ours = health_tables.health_score(model, home, d, world)
        found.rows("fct_health_scores", home.id, f"{day} {model}", ours, scores.get((home.id, day, model)))
        if model == "retention_b2b":
            if ours is not None:
                shared = "overall product_usage engagement support financial relationship"
                ours = {f"{name}_score": ours[f"{name}_score"] for name in shared.split()}
                ours["trend"] = scorecards.trend_name(
                    scorecards.score_change(model, home, d, world), world.rules.health
                )
            found.rows("customer_health_scores", home.id, str(day), ours, retention.get((home.id, day)))
    row = health_tables.customer_health(home, d, world)
    found.rows("fct_customer_health", home.id, str(day), row, days.get((home.id, day)))
    customer = row is not None
    ours = health_tables.trend_alerts(home, d) if customer else {}
    found.maps("fct_trend_alerts", home.id, str(day), ours, trends.get((home.id, day), {}))
    ours = health_tables.health_alerts(home, d, world) if customer else {}
    found.maps("fct_health_alerts", home.id, str(day), ours, alerts.get((home.id, day), {}))


def compare_current(found: Comparison, home: Home, world: World, *tables: dict) -> None:
    """Compare the tables on a household at the day of the build."""
    opened, listed, described, risks = tables
    d = world.as_of
    customer = home.is_customer(d)
    theirs = opened.get((home.id,), {})
    ours = profiles.drivers(home, d, world) if customer else {}
    found.maps("fct_health_drivers", home.id, "", ours, theirs)
    if not ranks_hold(theirs):
        ranks = {part: row["driver_rank"] for part, row in theirs.items()}
        found.differences.append(
            Difference("fct_health_drivers", "driver_rank", home.id, "", "by points lost", ranks)
        )
    ours = profiles.findings(home, d, world) if customer else {}
    theirs = {
        (kind, FINDINGS.get(finding, finding), None if part == WHOLE else part): row
        for (kind, finding, part), row in listed.get((home.id,), {}).items()
    }
    values = {key: {"value": value} for key, value in ours.items()}
    for key, row in theirs.items():
        if key[1].startswith("part_"):  # these are made of parts stored to six decimals
            row["value"] = Decimal(repr(row["value"])).quantize(Decimal("0.000001"))
    found.maps("fct_health_findings", home.id, "", values, theirs)

    row, theirs = profiles.profile(home, d, world), described.get((home.id,))
    if theirs is not None:
        theirs = theirs | {"recommended_action": action_word(theirs["recommended_action"])}
    found.rows("fct_customer_profiles", home.id, "", row, theirs)

    row, theirs = profiles.premium_risk(home, d, world) if customer else None, risks.get((home.id,))
    if row is not None:
        row["missing_features"] = ", ".join(row["missing_features"])
    if theirs is not None:
        missing = sorted(name.strip() for name in theirs["missing_features"].split(","))
        theirs = theirs | {"missing_features": ", ".join(missing)}
    found.rows("rpt_premium_adoption_risk", home.id, "", row, theirs)


# -------------------------------------------------------------------------------------- shell


def main(arguments: list[str] | None = None) -> int:
    """Print what differs; return 0 if nothing does."""
    parser = argparse.ArgumentParser(prog="health_compare", description=__doc__)
    parser.add_argument("--raw", required=True, help="folder with <source>/<table>.parquet")
    parser.add_argument("--database", required=True, help="DuckDB file that dbt built")
    parser.add_argument("--schema", default="analytics")
    parser.add_argument("--as-of", help="last complete day, as YYYY-MM-DD")
    parser.add_argument("--households", type=int, default=80, help="how many to sample")
    parser.add_argument("--dates", type=int, default=6, help="how many Sundays to sample")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--examples", type=int, default=5, help="how many differences to show per column")
    options = parser.parse_args(arguments)

    begun = time.perf_counter()
    world = collecting.load_world(
        load_raw(options.raw),
        options.as_of,
        some_households(options.households, options.seed),
        languages(options.database, options.schema),
    )
    read = time.perf_counter()
    dates = some_dates(world, options.dates, options.seed)
    found = compare(world, options.database, dates, options.schema)
    done = time.perf_counter()
    print(f"read in {read - begun:.1f} s, recomputed and compared in {done - read:.1f} s")
    print(f"{len(world.homes)} households, dates: {', '.join(str(as_date(d)) for d in dates)}")
    return found.report(TABLES, options.examples)


if __name__ == "__main__":
    sys.exit(main())
