"""The back-test of opportunities and the funnel of upsell, counted again from proved marts and billing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import duckdb
import numpy as np
from scipy.stats import norm

from customer_success.recount.drawn import Drawn
from customer_success.recount.households.billing_tables import change_type
from customer_success.recount.households.candidates import premium_pages
from customer_success.recount.households.facts import World, as_date
from customer_success.recount.households.opportunities import TYPES, plan_rises, wins
from customer_success.recount.households.values import FAR, day_number
from customer_success.recount.second_methods import CONFIDENCE, share_of
from customer_success.sql import sql_text

from .held import Held
from .referred import held

STEPS = ("reached", "considered", "trial", "bought", "bought_after_trial")
SAME = 1e-9  # rounding of floats; var no_variation is the bound of the model


def won_days(world: World, kind: str) -> dict[str, list[int]]:
    """Return the days of a type's own won events by household."""
    return {
        home: [day for day in wins(kind, line, world.rules) if day <= world.as_of]
        for home, line in world.lines.items()
    }


def customer_days(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[int, int]]]:
    """Return the stretches of days on which each household is a customer, without their ends."""
    found: dict[str, list[tuple[int, int]]] = {}
    churns = defaultdict(list)
    for home, gone, back in connection.execute(
        "select household_id, churned_at, reactivated_at from analytics.fct_churn_events order by churned_at"
    ).fetchall():
        churns[home].append((day_number(gone), FAR if back is None else day_number(back)))
    for home, signup in connection.execute(
        "select household_id, signup_date from analytics.dim_households where is_active or churn_count > 0"
    ).fetchall():
        starts = [day_number(signup), *(back for _, back in churns[home])]
        ends = [*(gone for gone, _ in churns[home]), FAR]
        found[home] = [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    return found


def backtest(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Held:
    """Compare opportunities with customers of the same plan and Sunday without one of the type."""
    world, there = found.world, customer_days(connection)
    spells: dict[str, list[tuple]] = defaultdict(list)
    for home, kind, opened, ended in connection.execute(
        "select customer_id, opportunity_type, identified_at, status_at"
        " from analytics.expansion_opportunities"
    ).fetchall():
        spells[kind].append((home, day_number(opened), FAR if ended is None else day_number(ended)))
    rows = []
    for kind in TYPES:
        rows += _tested(kind, spells[kind], there, world)
    return held(connection, "rpt_expansion_backtest", ("opportunity_type", "horizon_days"), rows)


def _tested(kind: str, spells: list[tuple], there, world: World) -> Iterator[dict]:
    """Yield a row per horizon of the back-test of a type."""
    horizons, won = world.rules.variables["opportunity_horizons"], won_days(world, kind)
    until = world.as_of - world.rules.whole("opportunity_outcome_days")
    since = until - world.rules.whole("opportunity_study_days")
    opened = [(home, day) for home, day, _ in spells if since <= day <= until]
    if not opened:
        nothing = {"opportunity_type": kind, "opened": 0, "won": 0, "base_n": 0}
        yield from (nothing | {"horizon_days": horizon} for horizon in horizons)
        return
    strata = list(_strata(opened, spells, there, world))
    for horizon in horizons:

        def expands(home: str, day: int, until: int = horizon) -> int:
            return int(any(day < one <= day + until for one in won.get(home, ())))

        cases = [(home, 1 / len(opened), expands(home, day)) for home, day in opened]
        covered = sum(number for _, number, others in strata if others)
        base = [
            (home, number / len(others) / covered, expands(home, day))
            for day, number, others in strata
            for home in others
        ]
        yield _compared(kind, horizon, cases, base, len(base))


def _strata(opened: list[tuple], spells: list[tuple], there, world: World) -> Iterator[tuple]:
    """Yield (day, number of openings, customers of the same plan without one of the type) by day and plan."""
    strata = defaultdict(list)
    for home, day in opened:
        strata[day, world.lines[home].at(day).plan].append(home)
    running = defaultdict(list)
    for home, begun, ended in spells:
        running[home].append((begun, ended))
    for (day, plan), homes in strata.items():
        others = [
            home
            for home, stretches in there.items()
            if any(start <= day < end for start, end in stretches)
            and world.lines[home].at(day).plan == plan
            and not any(begun <= day < ended for begun, ended in running[home])
        ]
        yield day, len(homes), others


def _compared(kind: str, horizon: int, cases: list, base: list, base_n: int) -> dict:
    won, n = sum(outcome for _, _, outcome in cases), len(cases)
    rate, low, high = share_of(won, n)
    base_rate = sum(weight * outcome for _, weight, outcome in base) if base else None
    row = {
        "opportunity_type": kind,
        "horizon_days": horizon,
        "opened": n,
        "won": won,
        "rate": rate,
        "ci_low": max(low, 0.0),
        "ci_high": high,
        "base_n": base_n,
        "base_rate": base_rate,
    }
    row |= dict.fromkeys(("lift", "lift_ci_low", "lift_ci_high", "is_useful"))
    if rate and base_rate:
        row["lift"] = rate / base_rate
        ends = _log_ratio(cases, rate, base, base_rate)
        if ends is not None:
            row |= {"lift_ci_low": ends[0], "lift_ci_high": ends[1], "is_useful": ends[0] > 1}
    return row


def _log_ratio(cases: list, rate: float, base: list, base_rate: float) -> tuple[float, float] | None:
    """Return the interval of a ratio of shares by the delta method, households being independent."""
    influence: Mapping[str, float] = defaultdict(float)
    for home, weight, outcome in cases:
        influence[home] += weight * (outcome - rate) / rate
    for home, weight, outcome in base:
        influence[home] -= weight * (outcome - base_rate) / base_rate
    error = np.sqrt(sum(value**2 for value in influence.values()))
    if error < SAME:
        return None
    low, high = norm.interval(CONFIDENCE, loc=np.log(rate / base_rate), scale=error)
    return float(np.exp(low)), float(np.exp(high))


def upsell_funnel(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Held:
    """Follow who was on Free at the start of the funnel: reached, considered, trial, bought."""
    world, there = found.world, customer_days(connection)
    start = world.as_of - world.rules.whole("funnel_days")
    upsell = [
        row["playbook"] for row in world.rules.rows("growth/growth_playbooks") if row["program"] == "upsell"
    ]
    reached = world.rules.variables["reached_statuses"]
    steps = _moments(
        connection,
        "select household_id, occurred_at from staging.stg_cs__deliveries where household_id is not null"
        f" and playbook in ({_listed(upsell)}) and status in ({_listed(reached)}) and occurred_at::date > $1"
        " union all select household_id, occurred_at from intermediate.int_crm_engagement"
        " where engagement_type = 'email' and engagement_event = 'sent' and occurred_at::date > $1"
        " and template in (select template from rules.upsell_templates)",
        start,
    )
    views = _moments(
        connection,
        "select household_id, event_at from analytics.fct_events where event = 'page_view'"
        f" and page in ({_listed(premium_pages(world.rules))}) and event_date > ?",
        start,
    )
    counts: dict[str, int] = dict.fromkeys(("free_customers", *STEPS, "bought_unreached"), 0)
    for home, stretches in there.items():
        is_there = any(begun <= start < end for begun, end in stretches)
        if not is_there or world.lines[home].at(start).plan != world.rules.plans[0]:
            continue
        counts["free_customers"] += 1
        changes = _changes(world, home, start)
        taken = path(steps.get(home, []), views.get(home, []), changes)
        for step in taken:
            counts[step] += 1
        counts["bought_unreached"] += bought_alone(steps.get(home, []), changes)
    return held(connection, "rpt_upsell_funnel", ("free_customers",), [_funnel(counts)])


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(map(sql_text, texts)) or "null"


def _moments(connection: duckdb.DuckDBPyConnection, query: str, start: int) -> dict[str, list]:
    found = defaultdict(list)
    for home, at in connection.execute(query, [as_date(start)]).fetchall():
        found[home].append(at)
    return found


def _changes(world: World, home: str, start: int) -> list[tuple[int, str]]:
    """List the trials that began since, and the purchases."""
    found = []
    for day, before, after in world.lines[home].changes():
        if not start < day <= world.as_of:
            continue
        if change_type(before, after, world.rules) == "trial_started":
            found.append((day, "trial"))
        if plan_rises(before, after, world.rules):
            found.append((day, "bought"))
    return found


def bought_alone(steps: list, changes: list[tuple[int, str]]) -> bool:
    """Return whether a purchase came before any step had reached the household."""
    first = min((day_number(at) for at in steps), default=FAR)
    return any(what == "bought" and day < first for day, what in changes)


def path(steps: list, views: list, changes: list[tuple[int, str]]) -> list[str]:
    """Name the steps of the funnel that were taken, each only after the one before."""
    if not steps:
        return []
    considered = [at for at in views if at >= min(steps)]
    if not considered:
        return ["reached"]
    since = day_number(min(considered))
    taken = ["reached", "considered"]
    trials = [day for day, what in changes if what == "trial" and day >= since]
    buys = [day for day, what in changes if what == "bought" and day >= since]
    taken += ["trial"] if trials else []
    taken += ["bought"] if buys else []
    if trials and any(day >= min(trials) for day in buys):
        taken.append("bought_after_trial")
    return taken


def _funnel(counts: dict[str, int]) -> dict:
    row = {name: count for name, count in counts.items() if name != "bought_after_trial"}
    free = counts["free_customers"]
    row["overall_conversion"] = counts["bought"] / free if free else None
    for name, part, whole in (
        ("reached_to_considered", "considered", "reached"),
        ("considered_to_trial", "trial", "considered"),
        ("trial_to_bought", "bought_after_trial", "trial"),
    ):
        row |= dict.fromkeys((name, f"{name}_ci_low", f"{name}_ci_high"))
        k, n = counts[part], counts[whole]
        if n:
            row |= zip((name, f"{name}_ci_low", f"{name}_ci_high"), share_of(k, n), strict=True)
    return row
