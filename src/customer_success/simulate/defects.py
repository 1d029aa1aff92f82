"""A few defective rows, planted on purpose and listed in the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pyarrow as pa

from .clock import HOUR_US
from .parameters import OLDER
from .schema import EVENT_ROW

SHARE = 0.0001  # of a table's rows, per kind; at least one, at most MOST
MOST = 40
_FIRST_NUMBER = 900_000_000_000
_NO_HOUSEHOLD = 999_999
_DAY = timedelta(days=1)

SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("table", pa.string()),
        ("row_key", pa.string()),
        ("reason", pa.string()),
    ]
)


def _set(**values) -> Callable[[dict], dict]:
    return lambda row: row | values


def _after(later: str, earlier: str) -> Callable[[dict], dict]:
    """The end moved to a day before the beginning."""
    return lambda row: row | {later: row[earlier] - _DAY}


def _shortly_after(moment: str) -> Callable[[dict], dict]:
    """The same a minute later."""
    return lambda row: row | {moment: row[moment] + timedelta(minutes=1)}


_NOBODY = f"sim_hh_{_NO_HOUSEHOLD}"
_KINDS: tuple[tuple[str, str, Callable[[dict], dict]], ...] = (
    ("app.pets", "null_key", _set(id=None)),
    ("app.tasks", "null_key", _set(id=None)),
    ("zendesk.ticket", "null_key", _set(id=None)),
    ("survey.response", "null_key", _set(id=None)),
    ("app.tasks", "superseded", _set()),
    ("app.users", "superseded", _set()),
    ("stripe.charge", "superseded", _set()),
    ("app.pets", "unknown_household", _set(household_id=_NOBODY)),
    ("app.tasks", "unknown_household", _set(household_id=_NOBODY)),
    ("survey.response", "unknown_household", _set(household_id=_NOBODY)),
    ("cs.check_ins", "unknown_household", _set(household_id=_NOBODY)),
    ("cs.referrals", "unknown_household", _set(referrer_household_id=None, referral_code="sim_code_none")),
    ("cs.referrals", "already_referred", _shortly_after("created_at")),
    ("cs.review_requests", "unknown_household", _set(household_id=_NOBODY)),
    ("cs.success_criteria", "unknown_household", _set(plan_id="sim_plan_none")),
    ("cs.advocacy_activities", "null_key", _set(id=None)),
    ("cs.credits", "negative_amount", _set(amount=-5.0)),
    ("cs.success_plans", "unknown_status", _set(status="dreamt")),
    ("cs.lifecycle_overrides", "bad_value", _set(stage="winning")),
    ("cs.reviews", "score_out_of_scale", _set(rating=6.0)),
    ("app.household_members", "end_before_start", _after("left_at", "joined_at")),
    ("app.pets", "end_before_start", _after("removed_at", "added_at")),
    ("stripe.invoice", "end_before_start", _after("period_end", "period_start")),
    ("stripe.charge", "negative_amount", _set(amount=-999)),
    ("stripe.refund", "negative_amount", _set(amount=-100)),
    ("stripe.invoice", "negative_amount", _set(amount_due=-999)),
    ("stripe.charge", "unknown_status", _set(status="vanished")),
    ("stripe.invoice", "unknown_status", _set(status="half_paid")),
    ("zendesk.ticket", "unknown_status", _set(status="lost")),
    ("survey.response", "score_out_of_scale", _set(score=11, survey_type="NPS", ticket_id=None)),
    ("survey.response", "score_out_of_scale", _set(score=0, survey_type="CSAT")),
)
# Tables of which two rows of different households have one key; not in the older shape.
_COLLIDE = ("app.pets", "cs.check_ins")


def _first_referred(rows: list[dict]) -> list[dict]:
    """The first of the rows that name a referred household, or none."""
    referred = (row for row in rows if row["referred_household_id"])
    return sorted(referred, key=lambda row: (row["created_at"], row["id"]))[:1]


# Rows of the sample that a kind of defect copies; a reason that is not here copies any.
_SOME_OF: dict[str, Callable[[list[dict]], list[dict]]] = {"already_referred": _first_referred}


def count(rows: int) -> int:
    return int(np.clip(round(rows * SHARE), 1, MOST))


def plant(table: str, sample: pa.Table, rows: int, shape: str = OLDER) -> tuple[pa.Table, list[dict]]:
    """Defective copies of the sample's rows for a table, and their entries in the list."""
    models = sample.to_pylist()
    source, name = table.split(".")
    planted, listed = [], []
    for kind_table, reason, change in _KINDS:
        if kind_table != table:
            continue
        some = _SOME_OF[reason](models) if reason in _SOME_OF else models
        for _ in range(count(rows) if some else 0):
            at = len(planted)
            row = dict(some[(7 * at + 3) % len(some)])
            if reason != "superseded":
                row["id"] = f"sim_bad_{name}_{at + 1:04d}"
            row = change(row)
            planted.append(row)
            listed.append({"source": source, "table": name, "row_key": row["id"], "reason": reason})
    if shape != OLDER and table in _COLLIDE:
        twins = _twins(models, f"sim_bad_{name}_twin")
        planted += twins
        listed += [
            {"source": source, "table": name, "row_key": r["id"], "reason": "key_collision"} for r in twins
        ]
    return pa.Table.from_pylist(planted, schema=sample.schema), listed


def _twins(models: list[dict], key: str) -> list[dict]:
    """Two rows with one key whose households differ; none where there is only one household."""
    other = next((row for row in models if row["household_id"] != models[0]["household_id"]), None)
    return [row | {"id": key} for row in (models[0], other)] if other else []


def plant_events(models: np.ndarray, rows: int) -> tuple[np.ndarray, list[dict]]:
    """The same for events (EVENT_ROW): no key, no such household, occurred after received."""
    each = count(rows)
    bad = models[(11 * np.arange(3 * each) + 5) % len(models)].astype(EVENT_ROW).copy()
    bad["number"] = _FIRST_NUMBER + np.arange(len(bad))
    bad["number"][:each] = -1
    bad["household"][each : 2 * each] = _NO_HOUSEHOLD
    bad["occurred"][2 * each :] = bad["received"][2 * each :] + 30 * HOUR_US
    reasons = np.repeat(["null_key", "unknown_household", "occurred_after_received"], each)
    listed = [
        {
            "source": "product",
            "table": "events",
            "row_key": None if number < 0 else f"sim_evt_{number}",
            "reason": str(reason),
        }
        for number, reason in zip(bad["number"].tolist(), reasons, strict=True)
    ]
    return bad[np.argsort(bad["received"], kind="stable")], listed
