"""The parts of scorecard value_v2, household by household, in plain Python and exact fractions.

A second writing of the formulas, for the validations alone: rows come from staging, and no seed of points, no
macro and no intermediate table is read. All functions take the rows of one household and the day d.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction as F
from types import SimpleNamespace

import duckdb
import pandas as pd

HOUSEHOLDS = 20
SESSION_GAP = timedelta(minutes=30)
IN_FORCE, FAILING = {"active", "trialing", "past_due"}, {"unpaid", "incomplete", "incomplete_expired"}
PAYMENT_POINTS = {"active": 100, "trialing": 100, "past_due": 50, "canceled": 0}
INTERVAL_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
RANK = {"Premium": 1, "Enterprise": 2}
WEIGHTS = {
    "product_usage": F(25, 100),
    "feature_adoption": F(15, 100),
    "support": F(10, 100),
    "engagement": F(10, 100),
    "payment": F(10, 100),
    "value_delivery": F(30, 100),
}

# Table of staging, and the tables of raw data without which nothing can be said.
ROWS = {
    "members": "select household_id, user_id, joined_date, left_date from staging.stg_app__household_members",
    "events": """
        select e.household_id, e.user_id, e.event_name, e.event_at as at, e.event_date as day, e.pet_id,
            case when e.event_name = 'feature_used' then e.feature_name else f.feature_name end as feature
        from staging.stg_product__events as e
        left join rules.event_features as f on e.event_name = f.event_name
    """,
    "pets": "select household_id, pet_id, added_date from staging.stg_app__pets",
    "settings": """
        select household_id, feature_name, is_enabled from staging.stg_app__feature_settings
        qualify row_number() over (partition by household_id, feature_name
            order by changed_at desc, setting_change_id desc) = 1
    """,
    "tasks": """
        select household_id, category, cast(created_at as date) as created, cast(due_at as date) as due,
            cast(deleted_at as date) as deleted, coalesce(completed_at <= due_at, false) as on_time
        from staging.stg_app__tasks where due_at is not null
    """,
    "tickets": "select household_id, ticket_id, status, created_at from staging.stg_zendesk__ticket",
    "history": """
        select household_id, ticket_id, field_name, field_value, updated_at as at
        from staging.stg_zendesk__ticket_field_history where field_name in ('status', 'tags')
    """,
    "tags": "select household_id, ticket_id, tag from staging.stg_zendesk__ticket_tag",
    "csat": """
        select household_id, score, cast(responded_at as date) as day from staging.stg_survey__response
        where survey_type = 'CSAT' and score is not null
    """,
    "contacts": """
        select household_id, cast(check_in_at as date) as day from staging.stg_cs__check_ins
        union all
        select household_id, cast(occurred_at as date) from staging.stg_hubspot__engagement
        where engagement_type = 'outreach'
    """,
    "charges": "select household_id, status, cast(created_at as date) as day from staging.stg_stripe__charge",
    "versions": """
        select s.*, p.billing_interval, p.billing_interval_count, r.product_name
        from subscription_days as s
        left join staging.stg_stripe__price as p using (price_id)
        left join staging.stg_stripe__product as r using (product_id)
    """,
}
NEEDED = {
    "product_usage": ("events", "members"),
    "feature_adoption": ("settings", "versions", "events"),
    "support": ("tickets",),
    "engagement": ("events", "members"),
    "payment": ("versions",),
    "value_delivery": ("events", "members"),
}


@dataclass
class Household:
    """One household's rows, by name of `ROWS`."""

    household_id: str
    signup: date
    catalogue: frozenset[str]
    rows: dict[str, list[SimpleNamespace]] = field(default_factory=lambda: defaultdict(list))

    def members(self, d: date) -> set[str]:
        """Who is a member at the end of d."""
        return {
            m.user_id
            for m in self.rows["members"]
            if m.joined_date <= d and (m.left_date is None or m.left_date > d)
        }

    def acts(self, d: date, days: int) -> list[SimpleNamespace]:
        """Events in the window by who was a member on their day."""
        first = d - timedelta(days=days - 1)
        return [e for e in self.rows["events"] if first <= e.day <= d and e.user_id in self.members(e.day)]

    def sessions(self, d: date, days: int) -> list[list[SimpleNamespace]]:
        """Runs of a member's events without a gap of over 30 minutes that begin in the window."""
        runs: list[list[SimpleNamespace]] = []
        # A run that began before the window is recognised by its beginning one day earlier.
        by_member = sorted(self.acts(d, days + 2), key=lambda e: (e.user_id, e.at))
        for event in by_member:
            last = runs[-1][-1] if runs else None
            if last and last.user_id == event.user_id and event.at - last.at <= SESSION_GAP:
                runs[-1].append(event)
            else:
                runs.append([event])
        return [run for run in runs if within(run[0].day, d, days)]

    def features(self, d: date, days: int) -> set[str]:
        """Features of the catalogue used in the window."""
        return {e.feature for e in self.acts(d, days)} & self.catalogue

    def subscription(self, d: date) -> SimpleNamespace | None:
        """Version at d of the subscription in force (paying, higher plan, later), else of the last begun."""
        at_d = [v for v in self.rows["versions"] if v.valid_from <= d < v.valid_until]
        begun = {v.subscription_id: v.valid_from for v in reversed(sorted_versions(self.rows["versions"]))}

        def order(v: SimpleNamespace) -> tuple:
            return (begun[v.subscription_id], v.subscription_id)

        force = [v for v in at_d if v.status in IN_FORCE]
        if force:
            return max(force, key=lambda v: (v.status != "trialing", RANK.get(v.product_name, 0), *order(v)))
        return max(at_d, key=order, default=None)

    def plan_rank(self, d: date) -> int:
        """Rank of the plan at d: the highest subscription in force, 0 without any."""
        return max(
            (
                RANK.get(v.product_name, 0)
                for v in self.rows["versions"]
                if v.valid_from <= d < v.valid_until and v.status in IN_FORCE
            ),
            default=0,
        )


def sorted_versions(versions: Iterable[SimpleNamespace]) -> list[SimpleNamespace]:
    """Versions in the order in which they came into force."""
    return sorted(versions, key=lambda v: v.valid_from)


def within(day: date, d: date, days: int) -> bool:
    """Say whether a day lies in the window of so many days that ends on d."""
    return d - timedelta(days=days) < day <= d


def steps(value, *rules: tuple) -> int:
    """Points of the first bound that is reached; the unknown earns none."""
    return 0 if value is None else next((points for bound, points in rules if value >= bound), 0)


def clamp(score) -> F:
    """Keep a score within 0 and 100."""
    return min(max(F(score), F(0)), F(100))


def mean(values: Iterable) -> F | None:
    """Average; None of nothing."""
    values = [F(value) for value in values]
    return sum(values) / len(values) if values else None


def product_usage(home: Household, d: date) -> F:
    """Daily actives, tasks, cared-for pets and app opens of seven days."""
    week = home.acts(d, 7)
    names = Counter(e.event_name for e in week)
    members = len(home.members(d))
    daily = len({(e.day, e.user_id) for e in week})
    share = min(F(daily, 7 * members), F(1)) if members else F(0)
    own = {p.pet_id for p in home.rows["pets"] if p.added_date <= d}
    return (
        50 * share
        + 30 * min(F(names["task_completion"], 14), F(1))
        + (10 if any(e.pet_id in own for e in week) else 0)
        + 10 * min(F(names["app_open"], 14), F(1))
    )


def feature_adoption(home: Household, d: date) -> F:
    """Plan, what is switched on, and photos."""
    on = {s.feature_name for s in home.rows["settings"] if s.is_enabled}
    photos = sum(e.event_name == "photo_upload" for e in home.acts(d, (d - date(1970, 1, 1)).days))
    worth = {"recurring_tasks": 25, "reminders": 20, "calendar_sync": 5, "notifications": 5}
    plan = 30 if home.plan_rank(d) > 0 else 0
    return F(plan + sum(worth.get(name, 0) for name in on) + steps(photos, (5, 15), (1, 10)))


def ticket_state(home: Household, ticket: SimpleNamespace) -> tuple[bool, F | None, bool]:
    """Whether a ticket is open, hours to its (last) solution, and whether it is critical."""
    course = [h for h in home.rows["history"] if h.ticket_id == ticket.ticket_id]
    status, solved = ticket.status, None
    for change in sorted((h for h in course if h.field_name == "status"), key=lambda h: h.at):
        status = change.field_value
        solved = (solved or change.at) if status in {"solved", "closed"} else None
    tags = [h for h in course if h.field_name == "tags"]
    if tags:
        present = (max(tags, key=lambda h: h.at).field_value or "").split()
    else:
        present = [t.tag for t in home.rows["tags"] if t.ticket_id == ticket.ticket_id]
    hours = F((solved - ticket.created_at) // timedelta(microseconds=1), 3_600_000_000) if solved else None
    return status not in {"solved", "closed"}, hours, {"urgency_high", "impact_high"} <= set(present)


def support(home: Household, d: date) -> F:
    """Support engagement: a few tickets handled well are good, silence and many are not."""
    states = {t.ticket_id: ticket_state(home, t) for t in home.rows["tickets"]}
    recent = [t.ticket_id for t in home.rows["tickets"] if within(t.created_at.date(), d, 90)]
    score = F(70)
    if not recent:
        score += 10 if any(within(c.day, d, 90) for c in home.rows["contacts"]) else -5
    elif len(recent) <= 3:
        csat = mean(a.score for a in home.rows["csat"] if within(a.day, d, 90))
        if csat is not None:
            score += 20 if csat >= F("4.5") else 10 if csat >= 4 else -10
    elif len(recent) > 5:
        score -= min(3 * len(recent), 30)
    score -= 20 * sum(is_open and critical for is_open, _, critical in states.values())
    hours = mean(states[name][1] for name in recent if states[name][1] is not None)
    return clamp(score - (15 if hours is not None and hours > 48 else 0))


def engagement(home: Household, d: date) -> F:
    """Days with a login, length of sessions, and how many features were used."""
    month = home.sessions(d, 30)
    minutes = mean(F((run[-1].at - run[0].at) // timedelta(microseconds=1), 60_000_000) for run in month)
    days = {run[0].day for run in month}
    return F(
        steps(len({day for day in days if within(day, d, 7)}), (5, 40), (3, 30), (1, 20))
        + steps(len(days), (20, 30), (10, 20), (5, 10))
        + steps(minutes, (10, 20), (5, 15), (2, 10))
        + steps(len(home.features(d, 30)), (10, 10), (5, 5))
    )


def payment(home: Household, d: date) -> F | None:
    """Payment status, failed charges of 90 days, and a payment that is overdue."""
    latest = home.subscription(d)
    if latest is None:
        return F(70)
    course = sorted_versions(v for v in home.rows["versions"] if v.subscription_id == latest.subscription_id)
    became, failing = None, False
    for version in course:
        if version.valid_from <= d:
            became = version.valid_from if version.status in FAILING and not failing else became
            failing = version.status in FAILING
    if latest.status not in IN_FORCE and became is not None and within(became, d, 90):
        points, leaving = 30, False
    elif home.plan_rank(d) == 0:
        return F(70)
    else:
        leaving = bool(latest.cancel_at_period_end)
        points = 0 if leaving else PAYMENT_POINTS.get(latest.status)
        if points is None:
            return None
    charges = [c for c in home.rows["charges"] if c.day <= d]
    failed = sum(c.status == "failed" and within(c.day, d, 90) for c in charges)
    paid = [c.day for c in charges if c.status == "succeeded"]
    due = INTERVAL_DAYS.get(latest.billing_interval, math.inf) * (latest.billing_interval_count or 1) + 10
    missing = 20 if paid and not leaving and (d - max(paid)).days > due else 0
    return F(max(points - min(15 * failed, 40) - missing, 0))


def shared_work(home: Household, d: date) -> float | None:
    """How evenly the members share the tasks of 30 days: entropy over its largest value, 0 to 100."""
    members = home.members(d)
    done = Counter(e.user_id for e in home.acts(d, 30) if e.event_name == "task_completion")
    counts = [done[user] for user in members if done[user]]
    if len(members) < 2 or not counts:
        return None
    total = sum(counts)
    return round(-100 * sum(n / total * math.log(n / total) for n in counts) / math.log(len(members)), 9)


def care_rate(home: Household, d: date) -> F | None:
    """Share of the care tasks due in 30 days that were done in time."""
    return mean(
        int(t.on_time)
        for t in home.rows["tasks"]
        if within(t.due, d, 30)
        and t.category not in (None, "other")
        and t.created <= t.due
        and (t.deleted is None or t.due < t.deleted)
    )


def value_delivery(home: Household, d: date) -> F:
    """What grows: tasks, pets, features, sharing, care in time."""
    before_day = d - timedelta(days=30)
    now, before = (
        sum(e.event_name == "task_completion" for e in home.acts(day, 30)) for day in (d, before_day)
    )
    trend = F(now - before, max(before, 1)) if (d - home.signup).days >= 60 else F(0)
    size = 30 if abs(trend) > F(3, 10) else 15 if abs(trend) > F(1, 10) else 0
    ever = (d - date(1970, 1, 1)).days
    fresh = home.features(d, ever) - home.features(d - timedelta(days=90), ever)
    shared = shared_work(home, d)
    care, care_before = care_rate(home, d), care_rate(home, before_day)
    return clamp(
        50
        + (size if trend > 0 else -size)
        + (20 if any(within(p.added_date, d, 90) for p in home.rows["pets"]) else 0)
        + steps(len(fresh), (2, 20), (1, 10))
        + (0 if shared is None else 20 if shared > 70 else 10 if shared > 40 else -10 if shared < 20 else 0)
        + (10 if care is not None and care_before is not None and care > care_before else 0)
    )


PARTS: dict[str, Callable[[Household, date], F | None]] = {
    "product_usage": product_usage,
    "feature_adoption": feature_adoption,
    "support": support,
    "engagement": engagement,
    "payment": payment,
    "value_delivery": value_delivery,
}


def overall(parts: dict[str, F | None]) -> int | None:
    """Weighted mean of the known parts, rounded once, half away from zero; None under half of the weight."""
    known = {name: score for name, score in parts.items() if score is not None}
    weight = sum(WEIGHTS[name] for name in known)
    if weight < F(1, 2):
        return None
    score = sum(WEIGHTS[name] * known[name] for name in known) / weight
    return math.floor(score + F(1, 2))


def draw(connection: duckdb.DuckDBPyConnection, count: int = HOUSEHOLDS) -> tuple[date, list[Household]]:
    """Draw customers by chance that the day of the build fixes, with all their rows."""
    d = connection.execute("select as_of()").fetchone()[0]
    catalogue = frozenset(
        name for (name,) in connection.execute("select feature_name from rules.features").fetchall()
    )
    connection.execute(
        "create or replace temp table drawn as select household_id, signup_date from household_days"
        " where day = as_of() and not is_churned and not closed_on_signup"
        f" order by md5(household_id || as_of() || 'drawn') limit {count}"
    )
    homes = {
        name: Household(name, signup, catalogue)
        for name, signup in connection.execute("select household_id, signup_date from drawn").fetchall()
    }
    for name, rows in ROWS.items():
        result = connection.execute(f"select * from ({rows}) semi join drawn using (household_id)")
        columns = [column[0] for column in result.description]
        for row in result.fetchall():
            values = SimpleNamespace(**dict(zip(columns, row, strict=True)))
            homes[values.household_id].rows[name].append(values)
    return d, list(homes.values())


def compare_sample(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Recompute parts and score of the drawn households beside those of the mart.

    A part whose raw table has no row at all may be unknown or 0 (an absent source is unknown, an empty one
    is not), which staging does not tell apart: it is left out, and the score with it.
    """
    d, homes = draw(connection)
    empty = {
        name
        for name in {name for names in NEEDED.values() for name in names}
        if not connection.execute(f"select 1 from ({ROWS[name]}) limit 1").fetchone()
    }
    parts = [part for part in PARTS if not empty & set(NEEDED[part])]
    columns = "".join(f", {part}_score" for part in parts)
    mart = {
        row[0]: row[1:]
        for row in connection.execute(
            f"select household_id, overall_score{columns} from analytics.fct_health_scores"
            " semi join drawn using (household_id) where health_model = 'value_v2' and score_date = as_of()"
        ).fetchall()
    }
    rows = []
    for home in homes:
        told = mart.get(home.household_id, (None,) * (len(parts) + 1))
        computed = {part: PARTS[part](home, d) for part in parts}
        rows += [
            (f"{home.household_id} {part}", told[place], computed[part])
            for place, part in enumerate(parts, 1)
        ]
        if len(parts) == len(PARTS):
            rows.append((f"{home.household_id} score", told[0], overall(computed)))
    return pd.DataFrame(
        [(item, _number(observed), _number(expected)) for item, observed, expected in rows],
        columns=["item", "observed", "expected"],
    )


def _number(value) -> float | None:
    return None if value is None else float(value)
