"""Which raw rows hold: later than the day of the build, quarantined, duplicates, or staged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .contract import SCHEMA, Table
from .loading import Raw
from .rules import Rules
from .values import (
    day_number,
    read_booleans,
    read_household,
    read_numbers,
    read_texts,
    read_timestamps,
    stamp,
)

# what happens after as_of_date has not happened yet
MUTABLE = {
    ("app", "households"): ("closed_at",),
    ("app", "household_members"): ("left_at",),
    ("app", "pets"): ("removed_at",),
    ("app", "tasks"): ("completed_at", "deleted_at"),
    ("hubspot", "contact"): ("left_at",),
}


@dataclass
class Staged:
    """The rows that hold, by (source, table), and what became of the others."""

    as_of: int
    rules: Rules
    raw: Raw
    tables: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    quarantine: list[pd.DataFrame] = field(default_factory=list)
    counts: list[dict] = field(default_factory=list)
    later: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)

    @property
    def end(self) -> pd.Timestamp:
        """The first moment that is no longer visible."""
        return stamp(self.as_of + 1)

    def __getitem__(self, name: str) -> pd.DataFrame:
        source, table = name.split(".")
        return self.tables[source, table]

    def has(self, *names: str) -> bool:
        """Say whether these tables are there at all."""
        return self.raw.has(*names)


def default_as_of(raw: Raw) -> int:
    """Find the day before the latest received event (without events: before the latest load)."""
    received, _ = read_timestamps(raw["product", "events"]["received_at"])
    latest = received.max()
    if pd.isna(latest):
        loads = [
            read_timestamps(frame["_fivetran_synced"])[0].max()
            for frame in raw.values()
            if "_fivetran_synced" in frame.columns and len(frame)
        ]
        loads = [moment for moment in loads if not pd.isna(moment)]
        if not loads:
            raise ValueError("no event and no load time: as_of_date cannot be told")
        latest = max(loads)
    return day_number(latest) - 1


def _typed(table: Table, frame: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Give every contract column its type; also say in which rows a timestamp does not parse."""
    bad = np.zeros(len(frame), bool)
    columns = {}
    frame = frame.reset_index(drop=True)
    for name, kind in table.columns.items():
        column = frame[name]
        if kind == "ts":
            columns[name], broken = read_timestamps(column)
            bad |= broken
        elif kind == "date":
            columns[name], _ = read_timestamps(column)
        elif kind == "num":
            columns[name] = read_numbers(column)
        elif kind == "bool":
            columns[name] = read_booleans(column)
        elif kind == "json":
            columns[name] = column.astype(object)
        else:
            columns[name] = read_texts(column)
    if "_fivetran_synced" in frame.columns:
        columns["_fivetran_synced"], _ = read_timestamps(frame["_fivetran_synced"])
    return pd.DataFrame(columns, index=frame.index), bad


def _losers(typed: pd.DataFrame, open_: np.ndarray, key: list[str], by: str | None) -> np.ndarray:
    """Mark, among rows with the same key, all but the first (by time, then by a row hash)."""
    lost = np.zeros(len(typed), bool)
    candidates = typed.loc[open_]
    same = candidates[candidates.duplicated(key, keep=False)]
    if same.empty:
        return lost
    hashes = [hashlib.md5(repr(row).encode()).hexdigest() for row in same.itertuples(index=False)]
    order = same[key].copy()
    order["_time"] = same[by] if by in same.columns else pd.NaT
    order["_hash"] = hashes
    order = order.sort_values(["_time", "_hash"], na_position="last", kind="stable")
    lost[order.index[order.duplicated(key, keep="first")]] = True
    return lost


def _row_keys(typed: pd.DataFrame, key: tuple[str, ...]) -> pd.Series:
    parts = [typed[column].map(lambda v: "" if pd.isna(v) else str(v)) for column in key]
    keys = parts[0]
    for part in parts[1:]:
        keys = keys + "|" + part
    return keys


def sift(
    staged: Staged,
    name: str,
    household: Callable[[pd.DataFrame], pd.Series] | None = None,
    hidden: Callable[[pd.DataFrame], pd.Series] | None = None,
) -> None:
    """Run one raw table through the checks, in the order of the reasons.

    `household` gives each row's household (None: cannot be traced); `hidden` says which rows of
    a table without a date belong to something later than as_of_date.
    """
    source, table_name = name.split(".")
    table = SCHEMA[source, table_name]
    typed, bad = _typed(table, staged.raw[source, table_name])
    rules, end = staged.rules, staged.end

    later = np.zeros(len(typed), bool)
    if table.own_date:
        later = (typed[table.own_date] >= end).to_numpy()
    elif hidden is not None and len(typed):
        later = hidden(typed).to_numpy(bool)
    reason = np.full(len(typed), None, dtype=object)
    open_ = ~later
    repeated = np.zeros(len(typed), bool)

    def mark(broken, why: str) -> None:
        nonlocal open_
        broken = np.asarray(broken, bool) & open_
        reason[broken] = why
        open_ = open_ & ~broken

    if table.own_date:
        bad = bad | typed[table.own_date].isna().to_numpy()
    mark(bad, "bad_timestamp")
    mark(typed[list(table.key)].isna().any(axis=1), "null_key")
    if name == "product.events":
        repeated = _losers(typed, open_, list(table.key), "received_at")
        open_ = open_ & ~repeated
    else:
        mark(_losers(typed, open_, list(table.key), "_fivetran_synced"), "duplicate_key")

    if household is not None:
        typed["household_id"] = household(typed) if len(typed) else pd.Series(dtype=object)
        typed["household_id"] = typed["household_id"].astype(object)
        mark(typed["household_id"].isna(), "unknown_household")
    for start, finish in table.pairs:
        mark(typed[finish] < typed[start], "end_before_start")
    for amount in table.amounts:
        mark(typed[amount] < 0, "negative_amount")
    if table.statuses is not None:
        mark(~typed["status"].isin(rules.statuses[table.statuses]), "unknown_status")
    if name == "zendesk.ticket_field_history":
        known = rules.statuses["zendesk_ticket_statuses"]
        mark((typed["field_name"] == "status") & ~typed["value"].isin(known), "unknown_status")
    if table.has_currency:
        mark(typed["currency"].str.lower() != rules.currency, "other_currency")
    if name == "stripe.subscription_history" and len(typed):
        prices = staged.raw["stripe", "price"]
        foreign = set(read_texts(prices["id"])[read_texts(prices["currency"]).str.lower() != rules.currency])
        mark(typed["price_id"].isin(foreign), "other_currency")
    if name == "product.events":
        skew = pd.Timedelta(hours=rules.clock_skew_hours)
        mark(typed["occurred_at"] > typed["received_at"] + skew, "occurred_after_received")
    if name == "survey.response":
        mark(_off_scale(typed, staged.raw[source, table_name]), "score_out_of_scale")

    good = typed.loc[open_].reset_index(drop=True)
    for column in MUTABLE.get((source, table_name), ()):
        good[column] = good[column].mask(good[column] >= end)
    staged.tables[source, table_name] = good
    staged.later[source, table_name] = typed.loc[later]
    quarantined = reason != None  # noqa: E711
    if quarantined.any():
        rows = typed.loc[quarantined]
        staged.quarantine.append(
            pd.DataFrame(
                {
                    "source": source,
                    "table": table_name,
                    "row_key": _row_keys(rows, table.key),
                    "reason": reason[quarantined],
                }
            )
        )
    staged.counts.append(
        {
            "source": source,
            "table": table_name,
            "raw": len(typed),
            "staged": len(good),
            "quarantined": int(quarantined.sum()),
            "duplicates": int(repeated.sum()),
            "later": int(later.sum()),
        }
    )


def _off_scale(typed: pd.DataFrame, raw: pd.DataFrame) -> np.ndarray:
    """Mark NPS answers outside 0-10, CSAT answers outside 1-5 and those that are no integer."""
    score = typed["score"]
    unreadable = score.isna() & raw["score"].reset_index(drop=True).notna()
    broken = unreadable | (score.notna() & (score % 1 != 0))
    nps, csat = typed["survey_type"] == "NPS", typed["survey_type"] == "CSAT"
    outside = (nps & ((score < 0) | (score > 10))) | (csat & ((score < 1) | (score > 5)))
    return (outside | (broken & (nps | csat))).to_numpy()


def stage(raw: Raw, as_of: int, rules: Rules) -> Staged:
    """Run all raw tables through the checks, parents before children."""
    staged = Staged(as_of, rules, raw)

    sift(staged, "app.households")
    households = staged["app.households"]
    valid = set(households["id"])
    known = {household: household for household in valid}
    future_households = set(staged.later["app", "households"]["id"].dropna()) - valid

    def own(column: str = "household_id") -> Callable[[pd.DataFrame], pd.Series]:
        return lambda frame: frame[column].map(known)

    def parent(name: str, column: str) -> Callable[[pd.DataFrame], pd.Series]:
        rows = staged[name]
        homes = dict(zip(rows["id"], rows["household_id"], strict=True))
        return lambda frame: frame[column].map(homes)

    for name in ("app.users", "zendesk.user", "hubspot.owner", "stripe.product", "stripe.price"):
        sift(staged, name)
    for name in ("household_members", "pets", "feature_settings", "tasks"):
        sift(staged, f"app.{name}", own())
    for name in ("product.events", "cs.check_ins", "survey.invitation", "survey.response"):
        sift(staged, name, own())

    sift(staged, "stripe.customer", lambda f: f["metadata"].map(read_household).map(known))
    for name in ("subscription_history", "invoice", "charge"):
        sift(staged, f"stripe.{name}", parent("stripe.customer", "customer_id"))
    sift(staged, "stripe.refund", parent("stripe.charge", "charge_id"))

    def waiting(column: str, ids: set[str]) -> Callable[[pd.DataFrame], pd.Series]:
        return lambda frame: frame[column].isin(ids)

    sift(
        staged,
        "zendesk.organization",
        own("external_id"),
        waiting("external_id", future_households),
    )
    organizations = staged["zendesk.organization"]
    homes = dict(zip(organizations["id"], organizations["household_id"], strict=True))
    users = staged["zendesk.user"]
    user_homes = dict(zip(users["id"], users["organization_id"].map(homes), strict=True))

    def ticket_home(frame: pd.DataFrame) -> pd.Series:
        first = frame["organization_id"].map(homes)
        return first.where(first.notna(), frame["requester_id"].map(user_homes))

    sift(staged, "zendesk.ticket", ticket_home)
    future_tickets = set(staged.later["zendesk", "ticket"]["id"].dropna())
    future_tickets -= set(staged["zendesk.ticket"]["id"])
    sift(staged, "zendesk.ticket_field_history", parent("zendesk.ticket", "ticket_id"))
    sift(staged, "zendesk.ticket_comment", parent("zendesk.ticket", "ticket_id"))
    sift(
        staged,
        "zendesk.ticket_tag",
        parent("zendesk.ticket", "ticket_id"),
        waiting("ticket_id", future_tickets),
    )

    sift(staged, "hubspot.company", own(), waiting("household_id", future_households))
    sift(staged, "hubspot.contact", parent("hubspot.company", "company_id"))
    sift(staged, "hubspot.engagement", parent("hubspot.company", "company_id"))
    return staged


def quarantine_frame(staged: Staged) -> pd.DataFrame:
    """Collect all quarantined rows with their reasons."""
    columns = ["source", "table", "row_key", "reason"]
    if not staged.quarantine:
        return pd.DataFrame(columns=columns)
    return pd.concat(staged.quarantine, ignore_index=True)[columns]
