"""All raw tables through the checks, parents before children."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from .crm import stage_crm
from .loading import Raw
from .rules import Rules
from .sifting import Staged, sift
from .ticket_homes import TicketHomes
from .values import day_number, read_household, read_timestamps


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
            raise ValueError("no event and no load time: as_of_date cannot be derived")
        latest = max(loads)
    return day_number(latest) - 1


Of = Callable[[pd.DataFrame], pd.Series]


def stage(raw: Raw, as_of: int, rules: Rules) -> Staged:
    """Run all raw tables through the checks, parents before children."""
    staged = Staged(as_of, rules, raw)
    sift(staged, "app.households")
    valid = set(staged["app.households"]["id"])
    known = {household: household for household in valid}
    later = set(staged.later["app", "households"]["id"].dropna()) - valid
    own = _mapped("household_id", known)

    for name in ("app.users", "zendesk.user", "hubspot.owner", "cs.csms", "stripe.product", "stripe.price"):
        sift(staged, name)
    for name in ("household_members", "pets", "feature_settings", "tasks"):
        sift(staged, f"app.{name}", own)
    for name in ("product.events", "cs.check_ins", "survey.invitation", "survey.response"):
        sift(staged, name, own)

    sift(staged, "stripe.customer", lambda f: f["metadata"].map(read_household).map(known))
    for name in ("subscription_history", "invoice", "charge"):
        sift(staged, f"stripe.{name}", _parent(staged, "stripe.customer", "customer_id"))
    sift(staged, "stripe.refund", _parent(staged, "stripe.charge", "charge_id"))

    sift(staged, "zendesk.organization", _mapped("external_id", known), _among("external_id", later))
    _stage_tickets(staged)

    stage_crm(staged, known, later)
    return staged


def _stage_tickets(staged: Staged) -> None:
    """Tickets lead to a household by their organization, else by their requester."""
    sift(staged, "zendesk.ticket", TicketHomes(staged).of)
    later = set(staged.later["zendesk", "ticket"]["id"].dropna()) - set(staged["zendesk.ticket"]["id"])
    of_ticket = _parent(staged, "zendesk.ticket", "ticket_id")
    sift(staged, "zendesk.ticket_field_history", of_ticket)
    sift(staged, "zendesk.ticket_comment", of_ticket)
    sift(staged, "zendesk.ticket_tag", of_ticket, _among("ticket_id", later))


def _mapped(column: str, homes: dict[str, str]) -> Of:
    return lambda frame: frame[column].map(homes)


def _parent(staged: Staged, name: str, column: str) -> Of:
    """Trace rows to the household of their parent, which has been staged before."""
    rows = staged[name]
    return _mapped(column, dict(zip(rows["id"], rows["household_id"], strict=True)))


def _among(column: str, ids: set[str]) -> Of:
    return lambda frame: frame[column].isin(ids)


def quarantine_frame(staged: Staged) -> pd.DataFrame:
    """Collect all quarantined rows with their reasons."""
    columns = ["source", "table", "row_key", "reason"]
    if not staged.quarantine:
        return pd.DataFrame(columns=columns)
    return pd.concat(staged.quarantine, ignore_index=True)[columns]
