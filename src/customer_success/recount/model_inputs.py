"""Compares the input of models with raw rows, for households drawn by a hash (see ``drawn``).

Recounted are the table of the analysis of survival, the features of today, and features and label at one
snapshot. ``churn_risk_score`` is left out: it is a score of rules, not a fact.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import duckdb

from .households import churn_snapshots, metrics_of_relations
from .households.facts import Home, World, as_date
from .households.seeds import SEEDS
from .households.survival import survival
from .households.values import day_number

SURVIVAL, CUSTOMERS, SNAPSHOTS = "int_survival_households", "int_churn_customers", "int_churn_snapshots"
NOT_FACTS = {"churn_risk_score"}
CLOSE = Fraction(1, 10**6)
Found = tuple[str, str]


def wrong_inputs(connection: duckdb.DuckDBPyConnection, world: World) -> list[Found]:
    """Return (table, what is wrong) for the first household on which a table differs from its raw rows."""
    found = list(_first(SURVIVAL, _survival(connection, world)))
    found += _first(CUSTOMERS, _customers(connection, world))
    found += _first(SNAPSHOTS, _snapshots(connection, world))
    return found + _wrong_cohort(connection, world)


def _first(table: str, differences: Iterator[str]) -> Iterator[Found]:
    differs = list(differences)
    if differs:
        yield table, f"{differs[0]} {len(differs)} recounted values of {table} differ."


def _survival(connection: duckdb.DuckDBPyConnection, world: World) -> Iterator[str]:
    theirs = _read(connection, f"from intermediate.{SURVIVAL}", world)
    for home in world.homes.values():
        yield from _differences(SURVIVAL, home, survival(home, world), theirs.get(home.id))


def _customers(connection: duckdb.DuckDBPyConnection, world: World) -> Iterator[str]:
    theirs = _read(connection, f"from intermediate.{CUSTOMERS}", world)
    for home in world.homes.values():
        ours = _features(home, world.as_of, world) if home.is_customer(world.as_of) else None
        yield from _differences(CUSTOMERS, home, ours, theirs.get(home.id))


def _snapshots(connection: duckdb.DuckDBPyConnection, world: World) -> Iterator[str]:
    """Compare features and label at one snapshot, chosen by a hash of its date and today's."""
    dates = connection.execute(
        f"select snapshot_date, max(snapshot_date) over () from intermediate.{SNAPSHOTS}"
        " group by snapshot_date order by md5(snapshot_date::varchar || ?) limit 1",
        [str(as_date(world.as_of))],
    ).fetchone()
    if dates is None:
        return
    d, last = map(day_number, dates)
    theirs = _read(
        connection, f"from intermediate.{SNAPSHOTS} where snapshot_date = date '{as_date(d)}'", world
    )
    for home in world.homes.values():
        ours = None
        if home.is_customer(d):
            horizon = home.rules.horizon_days
            spell = churn_snapshots.next_spell(home, d)
            known = spell is not None and spell.left <= last + horizon
            ours = _features(home, d, world) | {
                "churned_next_30d": churn_snapshots.leaves_within(home, d, horizon),
                "days_to_left": spell.left - d if known else None,
            }
        yield from _differences(SNAPSHOTS, home, ours, theirs.get(home.id))


def _features(home: Home, d: int, world: World) -> dict[str, object]:
    found = churn_snapshots.features(home, d, world)
    return {name: value for name, value in found.items() if name not in NOT_FACTS}


def _wrong_cohort(connection: duckdb.DuckDBPyConnection, world: World) -> list[Found]:
    """Rank the sign-ups of the whole survival table again: the latest share of them is the later cohort."""
    rows = connection.execute(
        f"select household_id, signup_date, is_later_cohort from intermediate.{SURVIVAL}"
    ).fetchall()
    signups = sorted(signup for _, signup, _ in rows)
    rank = {signup: number for number, signup in reversed(list(enumerate(signups)))}
    least = 1 - world.rules.later_share
    wrong = [
        household
        for household, signup, later in rows
        if later is not (len(rows) > 1 and Fraction(rank[signup], len(rows) - 1) >= least)
    ]
    if not wrong:
        return []
    message = f"is_later_cohort of household {min(wrong)} does not follow from its sign-up rank."
    return [(SURVIVAL, f"{message} {len(wrong)} rows are wrong.")]


def wrong_severities(connection: duckdb.DuckDBPyConnection, world: World, top: Fraction) -> list[Found]:
    """Compare fct_churn_severity and its older name with predictions, survival and seed churn_severities.

    One level up for those whose MRR percentile is at least ``top``; of households outside the sample it is
    only known that they have the level of their probability or the next one.
    """
    mart = "fct_churn_severity"
    levels = _levels()
    names = [name for _, name in sorted(levels)]
    rows = connection.execute(
        """
        select
            predictions.household_id, predictions.churn_probability, predictions.interval_width,
            survival.median_days_remaining,
            shown.household_id, shown.churn_probability, shown.interval_width, shown.median_days_remaining,
            shown.severity
        from analytics.ml_churn_predictions as predictions
        full join analytics.fct_churn_severity as shown on predictions.household_id = shown.household_id
        left join analytics.ml_survival_predictions as survival
            on predictions.household_id = survival.household_id
        order by all
        """
    ).fetchall()
    for household, own, width, median, shown, probability, shown_width, days, severity in rows:
        if household is None or shown is None:
            message = f"Household {household or shown} is only in one of {mart} and ml_churn_predictions."
            return [(mart, message)]
        level = names.index(next(name for least, name in sorted(levels, reverse=True) if own > least))
        allowed = {level, min(level + 1, len(names) - 1)}
        home = world.homes.get(household)
        if home is not None:
            rank = metrics_of_relations.mrr_percentile(home, world.as_of, world)
            allowed = {min(level + (rank is not None and rank >= top), len(names) - 1)}
        expected = " or ".join(names[i] for i in sorted(allowed))
        for column, stored, ours in (
            ("churn_probability", probability, own),
            ("interval_width", shown_width, width),
            ("median_days_remaining", days, median),
            ("severity", severity in {names[i] for i in allowed} or severity, True),
        ):
            if stored != ours:
                message = f"{mart}.{column} of household {household} is {stored}"
                return [
                    (mart, f"{message}; its prediction gives {expected if column == 'severity' else ours}.")
                ]
    return _wrong_older_names(connection, world)


def _wrong_older_names(connection: duckdb.DuckDBPyConnection, world: World) -> list[Found]:
    """Compare churn_predictions_v2 with fct_churn_severity, which it shows under the older names."""
    mart = "churn_predictions_v2"
    row = connection.execute(
        f"""
        select coalesce(shown.household_id, older.customer_id)
        from analytics.fct_churn_severity as shown
        full join analytics.{mart} as older on shown.household_id = older.customer_id
        where
            shown.household_id is null or older.customer_id is null
            or older.probability is distinct from shown.churn_probability
            or older.confidence is distinct from 1 - shown.interval_width
            or older.time_to_churn_days is distinct from shown.median_days_remaining
            or older.risk_factors is distinct from shown.risk_factors
            or older.severity is distinct from shown.severity
            or older.created_at is distinct from ?::date + interval 1 day
        order by all
        limit 1
        """,
        [as_date(world.as_of)],
    ).fetchone()
    return [(mart, f"{mart} of household {row[0]} differs from fct_churn_severity.")] if row else []


def _levels() -> list[tuple[float, str]]:
    """Read seed churn_severities: (probability above which it holds, severity)."""
    with (SEEDS / "churn" / "churn_severities.csv").open(encoding="utf-8", newline="") as lines:
        return [(float(row["above_probability"] or -1), row["severity"]) for row in csv.DictReader(lines)]


def _read(connection: duckdb.DuckDBPyConnection, rows: str, world: World) -> dict[str, dict]:
    found = connection.execute(
        f"select * from ({rows}) where household_id in (select unnest(?::varchar[]))", [list(world.homes)]
    )
    names = [column[0] for column in found.description]
    return {
        row["household_id"]: row
        for row in (dict(zip(names, values, strict=True)) for values in found.fetchall())
    }


def _differences(table: str, home: Home, ours: Mapping | None, theirs: Mapping | None) -> Iterator[str]:
    if ours is None or theirs is None:
        if ours is not theirs:
            words = ("is not", "is") if theirs is None else ("is", "is not")
            yield f"Household {home.id} {words[0]} in {table}; by its raw rows it {words[1]}."
        return
    for column, value in ours.items():
        if not _same(theirs.get(column), value):
            shown = theirs.get(column)
            yield f"{table}.{column} of household {home.id} is {shown}; raw rows give {_shown(value)}."


def _same(theirs: object, ours: object) -> bool:
    if theirs is None or ours is None:
        return theirs is ours
    if isinstance(theirs, bool) or not isinstance(theirs, (int, float, Decimal)):
        return theirs == ours
    return abs(Fraction(theirs) - Fraction(ours)) <= CLOSE * max(1, abs(Fraction(ours)))


def _shown(value: object) -> object:
    return float(value) if isinstance(value, Fraction) else value
