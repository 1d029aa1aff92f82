"""The staff of the desk, and the tickets merged into others: read from all tickets by as_of_date."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from .rules import AGENT_ROLES
from .sifting import Staged
from .values import read_texts, read_timestamps


def ids_listed(lists: Iterable[str | None]) -> set[str]:
    """Return the ids in lists that arrive as JSON or with commas."""
    return {found for text in lists if text for found in re.findall(r"[^][\",\s]+", text)}


def merged_into_others(staged: Staged) -> set[str]:
    """Return the tickets that another lists as merged into itself."""
    if staged.raw.merged is not None:
        return staged.raw.merged
    rows = by_then(staged.raw["zendesk", "ticket"], "created_at", staged.end)
    return ids_listed(read_texts(rows["merged_ticket_ids"]))


def assigned(staged: Staged) -> set[str]:
    """Return those to whom a ticket was ever assigned."""
    if staged.raw.assigned is not None:
        return staged.raw.assigned
    tickets = by_then(staged.raw["zendesk", "ticket"], "created_at", staged.end)
    history = by_then(staged.raw["zendesk", "ticket_field_history"], "updated", staged.end)
    history = history[history["field_name"] == "assignee_id"]
    names = [*read_texts(tickets["assignee_id"]), *read_texts(history["value"])]
    return {name for name in names if name}


def by_then(frame: pd.DataFrame, column: str, end: pd.Timestamp) -> pd.DataFrame:
    """Return the raw rows that are not later than as_of_date, whatever else is wrong with them."""
    moments, _ = read_timestamps(frame[column])
    return frame[~(moments >= end).to_numpy(bool)]


def domain(address: str | None) -> str | None:
    """Return the domain of an e-mail address, in lower case."""
    _, at, host = (address or "").strip().lower().rpartition("@")
    return host if at and host else None


def staff(staged: Staged) -> set[str]:
    """Return the ids of the desk's users who are or were staff."""
    users = staged["zendesk.user"]
    is_agent = users["role"].isin(AGENT_ROLES)
    hosts = users["email"].map(domain)
    present = set(hosts[is_agent & ~users["is_deleted"].astype(bool)].dropna())
    of_desk = hosts.isin(present - staged.rules.public_domains)
    return set(users["id"][is_agent | of_desk]) | assigned(staged)
