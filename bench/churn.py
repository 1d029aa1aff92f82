"""Fitting, evaluating and scoring churn at 200,000 households x 20 snapshots: ``python -m bench.churn``.

The table is made in DuckDB by a process of its own, so that the memory reported is that of the hand-over by
Arrow and of the models. Its labels depend on a few of its features; the AUC is printed, to show that
a fast run has learned something.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path

import duckdb
import pandas as pd

from customer_success.packed import pack, unpack

from .measure import PROJECT
from .report import CHURN_HOUSEHOLDS, CHURN_RESULT, CHURN_SECONDS, CHURN_SNAPSHOTS, MEMORY_GB

churn_run = import_module("customer_success.churn.run")  # the function of that name hides the module

BANDS = PROJECT / "seeds/rules/churn/churn_probability_bands.csv"
STEPS = ("read_table", "leak_check", "fit", "evaluate", "score", "performance_curves", "_run_id")
NOISE = 26  # features without meaning, every third of them unknown for a part of the rows


def make_table(database: Path, households: int, snapshots: int) -> None:
    """Write table ``snapshots``: a row per household and snapshot until it leaves, the same every time.

    35 features: days since the last activity, usage trend and plan matter; others are copies with noise, or
    noise alone.
    """
    with duckdb.connect(str(database)) as connection:
        for setting in ("enable_progress_bar = false", "threads = 2", "preserve_insertion_order = false"):
            connection.execute(f"set {setting}")
        connection.execute("set memory_limit = '4GB'")
        connection.execute("create macro u(h, s, k) as (hash(h, s, k) % 1000000 + 0.5) / 1000000.0")
        connection.execute(_table_sql(households, snapshots))


def _table_sql(households: int, snapshots: int) -> str:
    noise = ",\n".join(
        f"case when u(h, s, {k}) > {0.3 if k % 3 else 0.0} then u(h, s, {k + 100}) * {k + 1} end as noise_{k}"
        for k in range(NOISE)
    )
    return f"""create table snapshots as
    with grid as (
        select h, s, cast(floor(u(h, 0, 90) * 10) as integer) as kind, u(h, 0, 91) * 4 - 2 + s / 20.0 as weary
        from range({households}) as households (h), range({snapshots}) as dates (s)
    ),
    states as (
        select *, floor(exp(0.8 + 0.9 * weary + u(h, s, 92) - 0.5)) as silent,
            greatest(-1, least(1, -0.3 * weary + 1.6 * (u(h, s, 93) - 0.5))) as trend
        from grid
    ),
    outcomes as (
        select *, u(h, s, 94) < 1 / (1 + exp(
            4.2 - 0.9 * ln(1 + silent) + 1.2 * trend * (kind < 6)::integer + 0.5 * (kind > 8)::integer
        )) as leaves
        from states
    ),
    lives as (
        select *, min(case when leaves then s end) over (partition by h) as last from outcomes
    )
    select
        'household_' || lpad(h::varchar, 7, '0') as household_id,
        cast(date '2025-01-05' + cast(28 * s as integer) as date) as snapshot_date,
        leaves as churned_next_30d,
        case when last is not null then 28 * (last - s) + floor(28 * u(h, last, 95)) end as days_to_left,
        silent as days_since_last_activity,
        trend as usage_trend,
        case when u(h, s, 96) > 0.2 then trend + u(h, s, 97) end as usage_trend_again,
        case when kind < 6 then 'Free' when kind < 9 then 'Premium' else 'Enterprise' end as plan_type,
        case when kind >= 6 then ['active', 'past_due', 'trialing'][1 + (h + s) % 3] end as payment_status,
        case when kind >= 6 then ['month', 'year'][1 + h % 2] end as billing_interval,
        cast(floor(u(h, 0, 98) * 6) as integer) as members,
        u(h, s, 99) < 0.2 as has_ticket,
        28 * s + floor(u(h, 0, 89) * 400) as days_since_signup,
        {noise}
    from lives
    where last is null or s <= last
    """


class Clock:
    """Times steps, and notes how much memory the process had needed by the end of each.

    CPU time shows the cost of a step where other processes share the cores.
    """

    def __init__(self) -> None:
        self.steps: list[dict] = []

    def timed(self, name: str, step: Callable) -> Callable:
        """Return the step with a watch on it."""

        @wraps(step)
        def watched(*arguments, **options):
            begin, cpu = time.monotonic(), time.process_time()
            result = step(*arguments, **options)
            seconds, cpu = round(time.monotonic() - begin, 1), round(time.process_time() - cpu, 1)
            peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 2)
            self.steps.append({"step": name, "seconds": seconds, "cpu_seconds": cpu, "peak_gb": peak})
            print(f"{name:<20}{seconds:9.1f} s{cpu:9.1f} s of CPU{peak:8.2f} GB", flush=True)
            return result

        return watched


def measure(database: Path) -> dict:
    """Do what the model of the run does, from the hand-over by Arrow to the rows for the database.

    ``again`` has the steps of a second run on the same snapshots, which reuses the evaluation of the first.
    """
    clock = Clock()
    # The steps are timed where the run calls them, so the run itself is measured.
    for step in STEPS:
        setattr(churn_run, step, clock.timed(step.strip("_"), getattr(churn_run, step)))

    def whole(before: dict[str, pd.DataFrame] | None = None) -> dict[str, pd.DataFrame]:
        with duckdb.connect(str(database), read_only=True) as connection:
            connection.execute("set threads = 2")
            today = "from snapshots where snapshot_date = (select max(snapshot_date) from snapshots)"
            tables = churn_run.run(
                connection.sql("from snapshots").to_arrow_table(),
                connection.sql(today).to_arrow_table(),
                churn_run.bands_of(pd.read_csv(BANDS)),
                before=before,
            )
        pack(tables)
        return tables

    tables = clock.timed("in all", whole)()
    steps, clock.steps = clock.steps, []
    clock.timed("in all, the next day", whole)(unpack(pack(tables)))
    auc = tables["metrics"].query("metric == 'roc_auc' and split == 'test' and population == 'all'")
    return {
        "run": tables["runs"][["status", "reason", "n_train", "n_test"]].iloc[0].to_dict(),
        "scored": len(tables["predictions"]),
        "auc": auc.set_index("model")[["value", "ci_low", "ci_high"]].round(4).T.to_dict(),
        "samples": tables["candidates"].set_index("model")["training_note"].dropna().to_dict(),
        "steps": steps,
        "again": clock.steps,
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return 1 where the aims are missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.churn", description=__doc__.split("\n")[0])
    parser.add_argument("--households", type=int, default=CHURN_HOUSEHOLDS)
    parser.add_argument("--snapshots", type=int, default=CHURN_SNAPSHOTS)
    parser.add_argument("--work", type=Path, default=PROJECT / "build" / "bench", help="work folder")
    parsed = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "snapshots.duckdb"
        maker = multiprocessing.get_context("spawn").Process(
            target=make_table, args=(database, parsed.households, parsed.snapshots)
        )
        maker.start()
        maker.join()
        if maker.exitcode:
            print("bench: the table could not be made", file=sys.stderr)
            return 2
        found = measure(database)
    if (parsed.households, parsed.snapshots) == (CHURN_HOUSEHOLDS, CHURN_SNAPSHOTS):
        parsed.work.mkdir(parents=True, exist_ok=True)
        (parsed.work / CHURN_RESULT).write_text(json.dumps(found, indent=2, default=str), encoding="utf-8")
    whole, _ = found.pop("steps")[-1], found.pop("again")
    print(json.dumps(found, indent=2, default=str))
    met = whole["seconds"] <= CHURN_SECONDS and whole["peak_gb"] < MEMORY_GB
    print(f"aims of {CHURN_SECONDS} s and {MEMORY_GB:g} GB {'met' if met else 'NOT met'}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
