"""Compares the recomputed churn and sentiment with the tables that dbt built.

On another database: python -m tests.python.recompute.churn_compare --raw DIR --database FILE
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

from customer_success.recount.households import (
    churn_reports,
    churn_risk,
    churn_snapshots,
    collecting,
    survival,
)
from customer_success.recount.households.facts import Home, World, as_date
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.values import day_number

from .health_compare import SEED, Comparison, Difference, Tables, languages, nested, some_dates

TABLES = (
    "fct_churn_risk",
    "fct_churn_signals",
    "int_churn_snapshots",
    "int_survival_households",
    "int_risk_factors",
    "rpt_churn_by_ticket_volume",
    "rpt_premium_feature_gap",
    "fct_message_sentiment",
    "fct_sentiment_alerts",
    "fct_communication_decay",
)
PREDICTIONS = "churn_predictions_v2"  # empty where the classifier abstains


def some_snapshots(world: World, size: int, seed: int = SEED) -> list[int]:
    """Choose snapshot dates on which a household was a customer, the last one among them."""
    dates = [d for d in churn_snapshots.snapshot_dates(world) if any(h.is_customer(d) for h in homes(world))]
    return sorted({*random.Random(seed).sample(dates, min(size, len(dates))), dates[0]})


def some_homes(world: World, size: int, seed: int = SEED) -> list[Home]:
    """Choose households at random."""
    every = sorted(world.homes)
    return [world.homes[name] for name in random.Random(seed).sample(every, min(size, len(every)))]


def homes(world: World) -> list[Home]:
    """List the households."""
    return list(world.homes.values())


class Built:
    """The built tables by key, those of the households of a world."""

    def __init__(self, world: World, database: Path | str):
        tables = Tables(database, "analytics", world.homes)
        dated = ("household_id", "score_date")
        self.risk = tables.read("fct_churn_risk", dated)
        self.signals = nested(tables.read("fct_churn_signals", (*dated, "signal")), 2)
        self.messages = nested(tables.read("fct_message_sentiment", ("household_id", "message_id")), 1)
        alerts = tables.read("fct_sentiment_alerts", ("household_id", "alert", "detected_on"))
        self.alerts = nested(alerts, 1)
        self.decay = tables.read("fct_communication_decay", ("household_id",))
        self.predictions = tables.read(PREDICTIONS, ("customer_id",), "customer_id")
        self.probabilities = tables.read("ml_churn_predictions", ("household_id",))
        self.buckets = whole(tables, "rpt_churn_by_ticket_volume", ("ticket_bucket",))
        self.gap = whole(tables, "rpt_premium_feature_gap", ("customer_type", "feature_name"))
        tables.connection.execute("use working.intermediate")
        self.snapshots = tables.read("int_churn_snapshots", ("household_id", "snapshot_date"))
        self.survival = tables.read("int_survival_households", ("household_id",))
        self.factors = nested(tables.read("int_risk_factors", ("household_id", "type")), 1)
        self.studied = tables.read("int_premium_leavers", ("household_id",))
        tables.close()


def whole(tables: Tables, table: str, key: tuple[str, ...]) -> dict[tuple, dict]:
    """Read a table that is not about single households."""
    relation = tables.connection.execute(f"select * from {table}")
    names = [column[0] for column in relation.description]
    rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    return {tuple(row[column] for column in key): row for row in rows}


def compare(
    world: World,
    database: Path | str,
    dates: list[int],
    snapshot_homes: list[Home],
    snapshot_days: list[int],
) -> Comparison:
    """Recompute every table for the households of a world, and compare."""
    found = Comparison()
    built = Built(world, database)
    for home in homes(world):
        for d in dates:
            key = (home.id, as_date(d))
            ours = churn_risk.churn_risk(home, d, world)
            found.rows("fct_churn_risk", home.id, str(key[1]), ours, built.risk.get(key))
            ours = churn_risk.signals(home, d, world)
            found.maps("fct_churn_signals", home.id, str(key[1]), ours, built.signals.get(key, {}))
        compare_home(found, home, world, built)
    for home in snapshot_homes:
        for d in snapshot_days:
            ours = churn_snapshots.snapshot(home, d, world)
            theirs = built.snapshots.get((home.id, as_date(d)))
            found.rows("int_churn_snapshots", home.id, str(as_date(d)), ours, theirs)
    compare_reports(found, world, built)
    return found


def compare_home(found: Comparison, home: Home, world: World, built: Built) -> None:
    """Compare what the tables contain on a household, independent of the day."""
    d, key = world.as_of, (home.id,)
    customer = home.is_customer(d)
    ours = churn_risk.risk_factors(home, d) if customer else {}
    found.maps("int_risk_factors", home.id, "", ours, built.factors.get(key, {}))
    found.rows(
        "int_survival_households",
        home.id,
        "",
        survival.survival(home, world),
        built.survival.get(key),
    )
    decay = churn_snapshots.communication_decay(home, d)
    found.rows("fct_communication_decay", home.id, "", decay, built.decay.get(key))
    alerts = churn_snapshots.sentiment_alerts(home)
    found.maps("fct_sentiment_alerts", home.id, "", alerts, built.alerts.get(key, {}))
    written = {
        m.id: {
            "channel": m.channel,
            "created_at": m.at.to_pydatetime(),
            "sentiment": m.sentiment,
            "compound": m.compound,
            "frustration_score": m.frustration,
            "emotions": None if m.emotions is None else ", ".join(m.emotions),
            "primary_complaint": m.complaint,
            "unscored_reason": m.unscored,
        }
        for m in home.messages
    }
    theirs = {
        name: row | {"emotions": None if row["emotions"] is None else ", ".join(sorted(row["emotions"]))}
        for name, row in built.messages.get(key, {}).items()
    }
    found.maps("fct_message_sentiment", home.id, "", written, theirs)
    predicted = built.probabilities.get(key)
    row = None
    if predicted is not None:
        percentile = churn_risk.mrr_percentile(home, d, world)
        row = {
            "probability": predicted["churn_probability"],
            "severity": churn_risk.severity(predicted["churn_probability"], percentile),
            "risk_factors": " ".join(ours),
        }
    theirs = built.predictions.get(key)
    if theirs is not None:
        listed = json.loads(theirs["risk_factors"] or "[]")
        theirs = theirs | {"risk_factors": " ".join(factor["type"] for factor in listed)}
    found.rows(PREDICTIONS, home.id, "", row, theirs)


def compare_reports(found: Comparison, world: World, built: Built) -> None:
    """Compare the two reports; the choice of the study of Premium is checked household by household."""
    buckets = {(name,): row for name, row in churn_reports.by_ticket_volume(world).items()}
    found.maps("rpt_churn_by_ticket_volume", "", "", buckets, built.buckets)

    down = {home.id: churn_reports.downgrade_days(home, world) for home in homes(world)}
    studyable = {name: [d for d in days if d + 60 <= world.as_of] for name, days in down.items()}
    all_days = {max(days) for days in studyable.values() if days}
    studied: dict[str, list[tuple[Home, int]]] = {"downgraded": [], "stayed": []}
    for home in homes(world):
        chosen = built.studied.get((home.id,))
        could_stay = [d for d in sorted(all_days) if churn_reports.stayed_from(home, d, world)]
        allowed = studyable[home.id][-1:] if down[home.id] else could_stay
        kind = None if not allowed else "downgraded" if down[home.id] else "stayed"
        theirs = (None, None) if chosen is None else (chosen["customer_type"], chosen["studied_date"])
        if theirs[0] != kind:
            found.differences.append(
                Difference("rpt_premium_feature_gap", "customer_type", home.id, "", kind, theirs[0])
            )
        elif kind is not None and day_number(theirs[1]) not in allowed:
            days = [str(as_date(d)) for d in allowed]
            found.differences.append(
                Difference("rpt_premium_feature_gap", "studied_date", home.id, "", days, theirs[1])
            )
        if theirs[0] is not None:
            studied[theirs[0]].append((home, day_number(theirs[1])))
    gap = churn_reports.premium_feature_gap(studied["downgraded"], studied["stayed"], world)
    found.maps("rpt_premium_feature_gap", "", "", gap, built.gap)


# -------------------------------------------------------------------------------------- shell


def main(arguments: list[str] | None = None) -> int:
    """Print what differs; return 0 if nothing does."""
    parser = argparse.ArgumentParser(prog="churn_compare", description=__doc__)
    parser.add_argument("--raw", required=True, help="folder with <source>/<table>.parquet")
    parser.add_argument("--database", required=True, help="DuckDB file that dbt built")
    parser.add_argument("--as-of", help="last complete day, as YYYY-MM-DD")
    parser.add_argument("--dates", type=int, default=4, help="how many Sundays to sample")
    parser.add_argument("--households", type=int, default=60, help="how many to take snapshots of")
    parser.add_argument("--snapshots", type=int, default=5, help="how many snapshot dates to sample")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--examples", type=int, default=5, help="how many differences to show per column")
    options = parser.parse_args(arguments)

    begun = time.perf_counter()
    world = collecting.load_world(load_raw(options.raw), options.as_of, languages=languages(options.database))
    read = time.perf_counter()
    dates = some_dates(world, options.dates, options.seed)
    days = some_snapshots(world, options.snapshots, options.seed)
    some = some_homes(world, options.households, options.seed)
    found = compare(world, options.database, dates, some, days)
    done = time.perf_counter()
    print(f"read in {read - begun:.1f} s, recomputed and compared in {done - read:.1f} s")
    print(f"{len(world.homes)} households, dates: {', '.join(str(as_date(d)) for d in dates)}")
    return found.report((*TABLES, PREDICTIONS), options.examples)


if __name__ == "__main__":
    sys.exit(main())
