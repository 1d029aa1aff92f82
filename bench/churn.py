"""Fitting, judging and scoring churn at 200,000 households x 20 snapshots: ``python -m bench.churn``.

The table is made in DuckDB by a process of its own, so that the memory reported is that of the hand-over by
Arrow and of the models. Its labels depend on a few of its features; what they are worth is printed, so that a
run that was fast because it learned nothing does not pass for one.
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
from pathlib import Path

import duckdb

from customer_success.churn import (
    ChurnSpec,
    RiskBand,
    RiskBands,
    Settings,
    evaluate,
    fit,
    performance_curves,
    read_table,
    score,
)

AIM_SECONDS, AIM_GB = 600, 10
SPEC = ChurnSpec(
    id="household_id",
    snapshot_date="snapshot_date",
    label="churned_next_30d",
    activity="days_since_last_activity",
    days_to_left="days_to_left",
)
BANDS = RiskBands(
    [
        RiskBand(0.15, "Low Risk", False),
        RiskBand(0.35, "Medium Risk", False),
        RiskBand(0.55, "High Risk", True),
        RiskBand(None, "Critical Risk", True),
    ]
)
NOISE = 26  # features without meaning, every third of them unknown for a part of the rows


def make_table(database: Path, households: int, snapshots: int) -> None:
    """Write table ``snapshots``: a row per household and snapshot until it leaves, the same every time.

    35 features: days since the last activity, usage trend and plan matter; others are copies with noise, or
    noise alone.
    """
    with duckdb.connect(str(database)) as connection:
        connection.execute("set threads = 2; set memory_limit = '4GB'; set preserve_insertion_order = false")
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
    """Runs steps and remembers how long each took and how much memory the process had needed by then."""

    def __init__(self) -> None:
        self.steps: list[dict] = []

    def run(self, name: str, step: Callable):
        begin = time.monotonic()
        result = step()
        seconds, peak = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        self.steps.append({"step": name, "seconds": round(seconds, 1), "peak_gb": round(peak, 2)})
        print(f"{name:<12}{seconds:9.1f} s{peak:8.2f} GB", flush=True)
        return result


def measure(database: Path, settings: Settings) -> dict:
    """Hand over by Arrow, fit, judge and score; return the steps and what the models were worth."""
    clock = Clock()
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set threads = 2")
        everything = connection.sql("from snapshots")
        data = clock.run("hand-over", lambda: read_table(everything.to_arrow_table(), SPEC))
        today = connection.sql(
            "from snapshots where snapshot_date = (select max(snapshot_date) from snapshots)"
        ).to_arrow_table()
    fitted = clock.run("fit", lambda: fit(data, SPEC, settings))
    judged = clock.run("evaluate", lambda: evaluate(fitted, data, BANDS))
    clock.run("curves", lambda: performance_curves(fitted, data))
    scored = clock.run("score", lambda: score(judged, today, SPEC, BANDS))
    auc = judged.metrics.query("metric == 'roc_auc' and split == 'test' and population == 'all'")
    return {
        "rows": len(data),
        "features": data.features.shape[1],
        "scored": len(scored),
        "status": judged.status,
        "auc": auc.set_index("candidate")[["value", "ci_low", "ci_high"]].round(4).T.to_dict(),
        "notes": judged.candidates.set_index("candidate").training_note.dropna().to_dict(),
        "steps": clock.steps,
        "seconds": round(sum(step["seconds"] for step in clock.steps), 1),
        "peak_gb": clock.steps[-1]["peak_gb"],
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return 1 where the aims are missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.churn", description=__doc__.split("\n")[0])
    parser.add_argument("--households", type=int, default=200_000)
    parser.add_argument("--snapshots", type=int, default=20)
    parser.add_argument("--out", type=Path, help="also write the figures to this file, as JSON")
    told = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "snapshots.duckdb"
        maker = multiprocessing.get_context("spawn").Process(
            target=make_table, args=(database, told.households, told.snapshots)
        )
        maker.start()
        maker.join()
        if maker.exitcode:
            print("bench: the table could not be made", file=sys.stderr)
            return 2
        found = measure(database, Settings())
    if told.out:
        told.out.write_text(json.dumps(found, indent=2), encoding="utf-8")
    print(json.dumps({name: value for name, value in found.items() if name != "steps"}, indent=2))
    met = found["seconds"] <= AIM_SECONDS and found["peak_gb"] <= AIM_GB
    print(f"aims of {AIM_SECONDS} s and {AIM_GB} GB {'met' if met else 'NOT met'}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
