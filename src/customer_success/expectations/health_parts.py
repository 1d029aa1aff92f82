"""The parts of scorecard value_v2, household by household, in plain Python and exact fractions.

A second writing for the validations alone: each metric is counted from a household's rows of staging, and the
rules of the seeds (`rules.health_points`, `rules.health_parts`, `rules.plans`) are applied by an evaluator of
its own, so that a tuned rule is followed and a wrong metric is found. Windows and days of grace are written
down here a second time. All functions take one household and the day d.
"""

from __future__ import annotations

import math
import operator
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
STANDING = {"active": "current", "trialing": "current", "past_due": "overdue", "canceled": "cancelled"}
STANDING |= dict.fromkeys(FAILING, "failed")
INTERVAL_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
FAILED_DAYS, GRACE_DAYS, LEAST_KNOWN = 90, 10, F(1, 2)
EVER = 20_000  # days, and so a window that nothing precedes
COMPARES = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}

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
        select s.*, p.billing_interval, p.billing_interval_count, coalesce(n.plan_rank, 0) as rank
        from subscription_days as s
        left join staging.stg_stripe__price as p using (price_id)
        left join staging.stg_stripe__product as r using (product_id)
        left join rules.plans as n on r.product_name = n.stripe_product_name
    """,
}
COLUMN = {"support_engagement": "support_score"}  # where the mart does not name it after the part
NEEDED = {
    "product_usage": ("events", "members"),
    "feature_adoption": ("settings", "versions", "events"),
    "support_engagement": ("tickets",),
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
            return max(force, key=lambda v: (v.status != "trialing", v.rank, *order(v)))
        return max(at_d, key=order, default=None)

    def plan_rank(self, d: date) -> int:
        """Rank of the plan at d: the highest subscription in force, 0 without any."""
        return max(
            (
                v.rank
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


def mean(values: Iterable) -> F | None:
    """Average; None of nothing."""
    values = [F(value) for value in values]
    return sum(values) / len(values) if values else None


def product_usage(home: Household, d: date) -> dict:
    """Daily actives, tasks, cared-for pets and app opens of seven days."""
    week = home.acts(d, 7)
    names = Counter(e.event_name for e in week)
    members = len(home.members(d))
    daily = len({(e.day, e.user_id) for e in week})
    own = {p.pet_id for p in home.rows["pets"] if p.added_date <= d}
    return {
        "dau_ratio": min(F(daily, 7 * members), F(1)) if members else None,
        "tasks_7": names["task_completion"],
        "pet_active_7": int(any(e.pet_id in own for e in week)),
        "app_opens_7": names["app_open"],
    }


def feature_adoption(home: Household, d: date) -> dict:
    """Plan, what is switched on, and photos ever uploaded."""
    on = {s.feature_name for s in home.rows["settings"] if s.is_enabled}
    features = ("recurring_tasks", "reminders", "calendar_sync", "notifications")
    return {
        "plan_rank": home.plan_rank(d),
        "photos_uploaded": sum(e.event_name == "photo_upload" for e in home.acts(d, EVER)),
    } | {f"{feature}_enabled": int(feature in on) for feature in features}


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


def support_engagement(home: Household, d: date) -> dict:
    """Tickets and contacts of 90 days, and how they were handled."""
    states = {t.ticket_id: ticket_state(home, t) for t in home.rows["tickets"]}
    recent = [t.ticket_id for t in home.rows["tickets"] if within(t.created_at.date(), d, 90)]
    return {
        "tickets_90": len(recent),
        "mean_csat_90": mean(a.score for a in home.rows["csat"] if within(a.day, d, 90)),
        "had_contact_90": int(any(within(c.day, d, 90) for c in home.rows["contacts"])),
        "unresolved_critical_tickets": sum(is_open and critical for is_open, _, critical in states.values()),
        "mean_resolution_hours_90": mean(states[name][1] for name in recent if states[name][1] is not None),
    }


def engagement(home: Household, d: date) -> dict:
    """Days with a login, length of sessions, and how many features were used."""
    month = home.sessions(d, 30)
    days = {run[0].day for run in month}
    return {
        "login_days_7": len({day for day in days if within(day, d, 7)}),
        "login_days_30": len(days),
        "mean_session_minutes_30": mean(
            F((run[-1].at - run[0].at) // timedelta(microseconds=1), 60_000_000) for run in month
        ),
        "features_used_30": len(home.features(d, 30)),
    }


def payment(home: Household, d: date) -> dict:
    """How it stands with paying, failed charges of 90 days, and days since a payment was due."""
    latest = home.subscription(d)
    standing = payment_standing(home, latest, d)
    if standing in (None, "free"):
        return {"payment_standing": standing, "failed_charges_90": None, "days_payment_missing": None}
    charges = [c for c in home.rows["charges"] if c.day <= d]
    paid = [c.day for c in charges if c.status == "succeeded"]
    missing = None
    if paid and standing != "cancelled" and latest.billing_interval in INTERVAL_DAYS:
        interval = INTERVAL_DAYS[latest.billing_interval] * latest.billing_interval_count
        missing = (d - max(paid)).days - interval - GRACE_DAYS
    return {
        "payment_standing": standing,
        "failed_charges_90": sum(c.status == "failed" and within(c.day, d, 90) for c in charges),
        "days_payment_missing": missing,
    }


def payment_standing(home: Household, latest: SimpleNamespace | None, d: date) -> str | None:
    """Failed lately before all else, then free, then leaving, then what the status says."""
    if latest is None:
        return "free"
    became, failing = None, False
    for version in sorted_versions(home.rows["versions"]):
        if version.subscription_id == latest.subscription_id and version.valid_from <= d:
            became = version.valid_from if version.status in FAILING and not failing else became
            failing = version.status in FAILING
    if latest.status not in IN_FORCE and became is not None and within(became, d, FAILED_DAYS):
        return "failed"
    if home.plan_rank(d) == 0:
        return "free"
    return "cancelled" if latest.cancel_at_period_end else STANDING.get(latest.status)


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


def value_delivery(home: Household, d: date) -> dict:
    """What grows: tasks, pets, features, sharing, care in time."""
    before_day = d - timedelta(days=30)
    now, before = (
        sum(e.event_name == "task_completion" for e in home.acts(day, 30)) for day in (d, before_day)
    )
    trend = min(max(F(now - before, max(before, 1)), F(-1)), F(1))
    care, care_before = care_rate(home, d), care_rate(home, before_day)
    return {
        "tasks_trend": trend if (d - home.signup).days >= 60 else None,
        "pets_added_90": sum(within(p.added_date, d, 90) for p in home.rows["pets"]),
        "features_first_used_90": len(home.features(d, EVER) - home.features(d - timedelta(days=90), EVER)),
        "collaboration": shared_work(home, d),
        "care_rate_change": None if care is None or care_before is None else care - care_before,
    }


PARTS: dict[str, Callable[[Household, date], dict]] = {
    "product_usage": product_usage,
    "feature_adoption": feature_adoption,
    "support_engagement": support_engagement,
    "engagement": engagement,
    "payment": payment,
    "value_delivery": value_delivery,
}


def score_of(rules: list[SimpleNamespace], metrics: dict) -> F | None:
    """Points of a part by its rules: of each metric the first that holds, 0 to 100; all unknown: None."""
    if all(metrics[rule.metric] is None for rule in rules if rule.kind != "base"):
        return None
    score, settled = F(0), set()
    for rule in sorted(rules, key=lambda rule: (rule.metric, rule.rule_order)):
        if rule.kind == "base":
            score += rule.points
        elif rule.metric not in settled and _holds(rule, metrics):
            score += _points(rule, metrics[rule.metric])
            settled.add(rule.metric)
    return min(max(score, F(0)), F(100))


def _holds(rule: SimpleNamespace, metrics: dict) -> bool:
    value = metrics[rule.metric]
    if rule.when_metric is not None:
        given = metrics[rule.when_metric]
        if given is None or not (rule.when_min or 0) <= given <= (
            math.inf if rule.when_max is None else rule.when_max
        ):
            return False
    if value is None or rule.kind in {"line", "per_unit"}:
        return value is not None
    if rule.kind == "match":
        return value == rule.operator
    return COMPARES[rule.operator](value, F(rule.bound))


def _points(rule: SimpleNamespace, value) -> F:
    if rule.kind == "line":
        share = (F(value) - F(rule.worst)) / (F(rule.ideal) - F(rule.worst))
        return rule.points * min(max(share, F(0)), F(1))
    if rule.kind == "per_unit":
        return F(rule.points * value) if rule.cap is None else max(F(rule.points * value), F(-rule.cap))
    return F(rule.points)


def overall(parts: dict[str, F | None], weights: dict[str, F]) -> int | None:
    """Weighted mean of the known parts, rounded once, half away from zero; None if too little is known."""
    known = {name: score for name, score in parts.items() if score is not None}
    weight = sum(weights[name] for name in known)
    if weight < LEAST_KNOWN:
        return None
    score = sum(weights[name] * known[name] for name in known) / weight
    return math.floor(score + F(1, 2))


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[SimpleNamespace]:
    result = connection.execute(sql)
    columns = [column[0] for column in result.description]
    return [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in result.fetchall()]


def draw(connection: duckdb.DuckDBPyConnection, count: int = HOUSEHOLDS) -> tuple[date, list[Household]]:
    """Draw customers by chance that the day of the build fixes, with all their rows."""
    d = connection.execute("select as_of()").fetchone()[0]
    catalogue = frozenset(row.feature_name for row in _rows(connection, "from rules.features"))
    connection.execute(
        "create or replace temp table drawn as select household_id, signup_date from household_days"
        " where day = as_of() and not is_churned and not closed_on_signup"
        f" order by md5(household_id || as_of() || 'drawn') limit {count}"
    )
    homes = {
        row.household_id: Household(row.household_id, row.signup_date, catalogue)
        for row in _rows(connection, "from drawn")
    }
    for name, rows in ROWS.items():
        for row in _rows(connection, f"select * from ({rows}) semi join drawn using (household_id)"):
            homes[row.household_id].rows[name].append(row)
    return d, list(homes.values())


def compare_sample(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Recompute parts and score of the drawn households beside those of the mart.

    A part whose raw table has no row at all may be unknown or 0 (an absent source is unknown, an empty one
    is not), which staging does not tell apart: it is left out, and the score with it.
    """
    d, homes = draw(connection)
    rules = defaultdict(list)
    for rule in _rows(connection, "from rules.health_points"):
        rules[rule.part].append(rule)
    weights = {
        row.part: F(row.weight)
        for row in _rows(connection, "from rules.health_parts where health_model = 'value_v2'")
    }
    empty = {
        name for name in ROWS if not connection.execute(f"select 1 from ({ROWS[name]}) limit 1").fetchone()
    }
    parts = [part for part in PARTS if not empty & set(NEEDED[part])]
    told = {
        row.household_id: row
        for row in _rows(
            connection,
            "select * from analytics.fct_health_scores semi join drawn using (household_id)"
            " where health_model = 'value_v2' and score_date = as_of()",
        )
    }
    rows = []
    for home in homes:
        mart = vars(told.get(home.household_id, SimpleNamespace()))
        computed = {part: score_of(rules[part], PARTS[part](home, d)) for part in parts}
        rows += [
            (f"{home.household_id} {part}", mart.get(COLUMN.get(part, f"{part}_score")), score)
            for part, score in computed.items()
        ]
        if weights.keys() == computed.keys():
            rows.append((f"{home.household_id} score", mart.get("overall_score"), overall(computed, weights)))
    return pd.DataFrame(
        [(item, _number(observed), _number(expected)) for item, observed, expected in rows],
        columns=["item", "observed", "expected"],
    )


def _number(value) -> float | None:
    return None if value is None else float(value)
