"""Classifies the rows of a raw table: valid, later, set aside, quarantined for a reason, or duplicate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from customer_success.recount.reading.contract import HOLD_UNLINKED

from .contract import REFERRED_TO, SCHEMA, Table
from .desk_words import is_deleted_ticket, strange_words
from .loading import Raw
from .loads import hashes_of, last_loads, says
from .rules import Rules
from .values import read_booleans, read_exact, read_numbers, read_texts, read_timestamps, stamp

# rows after as_of_date are later
MUTABLE = {
    ("app", "households"): ("closed_at",),
    ("app", "household_members"): ("left_at",),
    ("app", "pets"): ("removed_at",),
    ("app", "tasks"): ("completed_at", "deleted_at"),
    ("hubspot", "contact"): ("left_at",),
}


@dataclass
class Staged:
    """The valid rows, by (source, table), and the classes of the others."""

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
        """Return whether the company has these tables."""
        return self.raw.has(*names)


class _Sieve:
    """The rows of a table that are still valid, and the reason of each of the others."""

    def __init__(self, later: np.ndarray):
        self.inside = ~later
        self.reason = np.full(len(later), None, dtype=object)
        self.repeated = np.zeros(len(later), bool)
        self.gone = np.zeros(len(later), bool)
        self.aside = dict.fromkeys(("not_live", "deleted", "superseded"), 0)

    def mark(self, broken, why: str) -> None:
        """Take rows out for a reason; the first reason that holds counts."""
        broken = np.asarray(broken, bool) & self.inside
        self.reason[broken] = why
        self.inside = self.inside & ~broken

    def set_aside(self, rows: np.ndarray, kind: str) -> None:
        """Take rows out that are only counted; the first kind that holds counts."""
        rows = rows & self.inside
        self.aside[kind] = int(rows.sum())
        self.inside = self.inside & ~rows

    def repeat(self, repeated: np.ndarray) -> None:
        """Take out rows that were delivered before."""
        self.repeated = repeated
        self.inside = self.inside & ~repeated


def sift(
    staged: Staged,
    name: str,
    household: Callable[[pd.DataFrame], pd.Series] | None = None,
    hidden: Callable[[pd.DataFrame], pd.Series] | None = None,
) -> None:
    """Run one raw table through the checks, in the order of the classes and of the reasons.

    `household` gives each row's household (None: cannot be traced); `hidden` marks the rows of
    a table without a date whose parent is later than as_of_date.
    """
    source, table_name = name.split(".")
    table = SCHEMA[source, table_name]
    frame = staged.raw[source, table_name].reset_index(drop=True)
    typed, bad = _typed(table, frame)
    later = np.zeros(len(typed), bool)
    if table.own_date:
        later = (typed[table.own_date] >= staged.end).to_numpy()
        bad = bad | typed[table.own_date].isna().to_numpy()
    elif hidden is not None and len(typed):
        later = hidden(typed).to_numpy(bool)
    sieve = _Sieve(later)
    collides = _set_aside(sieve, name, typed, frame, later)
    sieve.mark(bad, "bad_timestamp")
    sieve.mark(typed[list(table.key)].isna().any(axis=1), "null_key")
    sieve.mark(collides, "key_collision")
    if name == "product.events":
        sieve.repeat(_losers(typed, frame, sieve.inside, list(table.key)))
    if household is not None:
        typed["household_id"] = household(typed) if len(typed) else pd.Series(dtype=object)
        typed["household_id"] = typed["household_id"].astype(object)
        if name == "cs.deliveries":  # a step may concern no household
            sieve.mark(typed["household_id"].isna() & frame["household_id"].notna(), "unknown_household")
        elif name not in HOLD_UNLINKED:
            sieve.mark(typed["household_id"].isna(), "unknown_household")
    _mark_values(staged, name, typed, sieve)
    _keep(staged, (source, table_name), typed, later, sieve)


def _set_aside(
    sieve: _Sieve, name: str, typed: pd.DataFrame, frame: pd.DataFrame, later: np.ndarray
) -> np.ndarray:
    """Take out tests, deleted rows and older loads; return which rows have the key of another household."""
    source, table_name = name.split(".")
    tests = says(frame, "livemode", False)
    gone = says(frame, "_fivetran_deleted") | says(frame, "is_deleted") | is_deleted_ticket(name, typed)
    sieve.set_aside(tests, "not_live")
    last, collides = np.ones(len(typed), bool), np.zeros(len(typed), bool)
    if name != "product.events":
        own = source in {"app", "survey", "cs"} and "household_id" in typed.columns
        last, collides = last_loads(typed, frame, SCHEMA[source, table_name].key, own, later | gone, tests)
    if name in REFERRED_TO:
        # A deleted row stays readable, so it is judged like the others.
        sieve.gone = gone & sieve.inside
        sieve.set_aside(gone & ~last, "deleted")
    else:
        sieve.set_aside(gone, "deleted")
    sieve.set_aside(~last, "superseded")
    return collides


def _mark_values(staged: Staged, name: str, typed: pd.DataFrame, sieve: _Sieve) -> None:
    """Take out rows with impossible spans, amounts, statuses, currencies, clocks or scores."""
    source, table_name = name.split(".")
    table, rules = SCHEMA[source, table_name], staged.rules
    for start, finish in table.pairs:
        sieve.mark(typed[finish] < typed[start], "end_before_start")
    for amount in table.amounts:
        values = typed[amount]
        if values.dtype == object:  # fractions, None where there is none
            values = values.map(lambda value: -1 if value is not None and value < 0 else 0)
        sieve.mark(values < 0, "negative_amount")
    if table.statuses is not None:
        sieve.mark(~typed["status"].isin(rules.statuses[table.statuses]), "unknown_status")
    for broken, reason in strange_words(name, typed, rules):
        sieve.mark(broken, reason)
    if name == "product.events":
        skew = pd.Timedelta(hours=rules.clock_skew_hours)
        sieve.mark(typed["occurred_at"] > typed["received_at"] + skew, "occurred_after_received")
    if name == "cs.referrals":
        sieve.mark(_repeated_referrals(typed, sieve.inside), "already_referred")
    if name == "survey.response":
        sieve.mark(_off_scale(typed, staged.raw[source, table_name]), "score_out_of_scale")


def _repeated_referrals(typed: pd.DataFrame, inside: np.ndarray) -> np.ndarray:
    """Mark referrals of a household that an earlier one names; those that do not hold name none."""
    there = typed[inside & typed["referred_household_id"].notna().to_numpy()]
    again = there.sort_values(["created_at", "id"], kind="stable").duplicated("referred_household_id")
    repeated = np.zeros(len(typed), bool)
    repeated[again.index[again]] = True
    return repeated


def _keep(
    staged: Staged, table: tuple[str, str], typed: pd.DataFrame, later: np.ndarray, sieve: _Sieve
) -> None:
    """Note the valid rows, without later changes, and the classes of the others."""
    source, table_name = table
    good = typed.loc[sieve.inside].reset_index(drop=True)
    for column in MUTABLE.get(table, ()):
        good[column] = good[column].mask(good[column] >= staged.end)
    if f"{source}.{table_name}" in REFERRED_TO:
        good["is_deleted"] = sieve.gone[sieve.inside]
    staged.tables[table] = good
    staged.later[table] = typed.loc[later]
    quarantined = (sieve.reason != None) & ~sieve.gone  # noqa: E711
    if quarantined.any():
        keys = _row_keys(typed.loc[quarantined], SCHEMA[table].key)
        rows = {"source": source, "table": table_name, "row_key": keys, "reason": sieve.reason[quarantined]}
        staged.quarantine.append(pd.DataFrame(rows))
    staged.counts.append(
        {
            "source": source,
            "table": table_name,
            "raw": len(typed),
            "staged": int((sieve.inside & ~sieve.gone).sum()),
            "quarantined": int(quarantined.sum()),
            "duplicates": int(sieve.repeated.sum()),
            "later": int(later.sum()),
            **sieve.aside,
            "deleted": int(sieve.gone.sum()) or sieve.aside["deleted"],
        }
    )


def _typed(table: Table, frame: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Give every contract column its type; also return the rows in which a timestamp does not parse."""
    bad = says(frame, "_bad_moment")
    columns = {}
    for name, kind in table.columns.items():
        column = frame[name]
        if kind == "ts":
            columns[name], broken = read_timestamps(column)
            bad |= broken
        elif kind == "date":
            columns[name], _ = read_timestamps(column)
        elif kind == "num":
            columns[name] = read_numbers(column)
        elif kind == "exact":
            columns[name] = read_exact(column)
        elif kind == "bool":
            columns[name] = read_booleans(column)
        elif kind == "json":
            columns[name] = column.astype(object)
        else:
            columns[name] = read_texts(column)
    if "_fivetran_synced" in frame.columns:
        columns["_fivetran_synced"], _ = read_timestamps(frame["_fivetran_synced"])
    return pd.DataFrame(columns, index=frame.index), bad


def _losers(typed: pd.DataFrame, frame: pd.DataFrame, open_: np.ndarray, key: list[str]) -> np.ndarray:
    """Mark, among events with the same key, all but the first received; of one moment, the lowest hash."""
    lost = np.zeros(len(typed), bool)
    candidates = typed.loc[open_]
    same = candidates[candidates.duplicated(key, keep=False)]
    if same.empty:
        return lost
    order = same[key].copy()
    order["_time"] = same["received_at"]
    order["_hash"] = hashes_of(typed, frame).loc[same.index]
    order = order.sort_values(["_time", "_hash"], na_position="last", kind="stable")
    lost[order.index[order.duplicated(key, keep="first")]] = True
    return lost


def _row_keys(typed: pd.DataFrame, key: tuple[str, ...]) -> pd.Series:
    parts = [typed[column].map(lambda v: "" if pd.isna(v) else str(v)) for column in key]
    keys = parts[0]
    for part in parts[1:]:
        keys = keys + "|" + part
    return keys


def _off_scale(typed: pd.DataFrame, raw: pd.DataFrame) -> np.ndarray:
    """Mark NPS answers outside 0-10, CSAT answers outside 1-5 and those that are no integer."""
    score = typed["score"]
    raw = raw.reset_index(drop=True)
    unreadable = says(raw, "_bad_value") | (score.isna() & raw["score"].notna())
    broken = unreadable | (score.notna() & (score % 1 != 0))
    nps, csat = typed["survey_type"] == "NPS", typed["survey_type"] == "CSAT"
    outside = (nps & ((score < 0) | (score > 10))) | (csat & ((score < 1) | (score > 5)))
    return (outside | (broken & (nps | csat))).to_numpy()
