"""The raw rows of the desk that can be about some households."""

from __future__ import annotations

import pandas as pd

from .loading import Raw
from .reader import Reader
from .staff import ids_listed
from .values import read_texts

ADDRESS = "lower(trim(email))"


def read_desk(reader: Reader, raw: Raw, wanted: str, end: pd.Timestamp, by_email: bool) -> None:
    """Read the tickets that can be the households', with the organizations and people they name.

    ``wanted`` is a query of the households; ``end`` the first moment that is no longer visible. Of the people
    their memberships in other households are read too, because those may come first.
    """
    reader.keep(raw, "zendesk.organization", external_id=wanted)
    own = reader.ids("own_organizations", read_texts(raw["zendesk", "organization"]["id"]))
    persons = reader.ids("own_persons", read_texts(raw["app", "household_members"]["user_id"]))
    reader.keep(
        raw,
        "zendesk.user",
        where=_same_address(reader, persons, by_email),
        organization_id=own,
        external_id=persons,
    )
    people = reader.ids("own_people", read_texts(raw["zendesk", "user"]["id"]))
    reader.keep(raw, "zendesk.ticket", organization_id=own, requester_id=people)
    tickets = reader.ids("tickets", read_texts(raw["zendesk", "ticket"]["id"]))
    for name in ("ticket_field_history", "ticket_comment", "ticket_tag"):
        reader.keep(raw, f"zendesk.{name}", ticket_id=tickets)
    _read_people(reader, raw, own, wanted, by_email)
    belongs = [raw["zendesk", "ticket"]["organization_id"], raw["zendesk", "user"]["organization_id"]]
    organizations = reader.ids("organizations", [*read_texts(pd.concat(belongs))])
    reader.keep(raw, "zendesk.organization", id=organizations, external_id=wanted)
    _read_of_all_tickets(reader, raw, end)


def _same_address(reader: Reader, persons: str, by_email: bool) -> str:
    """Return a condition on desk users: they have the address of one of these app users."""
    users = reader.typed("app.users", "id", "email")
    return f"{ADDRESS} in (select {ADDRESS} from {users} where id in {persons})" if by_email else "false"


def _read_people(reader: Reader, raw: Raw, own: str, wanted: str, by_email: bool) -> None:
    """Read who wrote and asked, all present staff, and of the app users among them all memberships."""
    tickets = raw["zendesk", "ticket"]
    named = [tickets["requester_id"], tickets["submitter_id"], raw["zendesk", "ticket_comment"]["user_id"]]
    people = reader.ids("people", [*read_texts(pd.concat(named))])
    is_staff = "lower(trim(role)) in ('agent', 'admin')"
    reader.keep(raw, "zendesk.user", where=is_staff, id=people, organization_id=own)
    desk_users = raw["zendesk", "user"]
    if by_email:
        addresses = {(text or "").strip().lower() for text in read_texts(desk_users["email"])} - {""}
        listed = reader.ids("addresses", addresses)
        reader.keep(raw, "app.users", where=f"{ADDRESS} in {listed}")
    persons = [*read_texts(desk_users["external_id"])]
    persons += [*read_texts(raw["app", "users"]["id"])] if by_email else []
    reader.keep(raw, "app.household_members", household_id=wanted, user_id=reader.ids("persons", persons))


def _read_of_all_tickets(reader: Reader, raw: Raw, end: pd.Timestamp) -> None:
    """Note, of all tickets by then, to whom they were assigned and which were merged into others."""
    tickets = reader.typed("zendesk.ticket", "created_at", "assignee_id", "merged_ticket_ids")
    history = reader.typed("zendesk.ticket_field_history", "updated", "field_name", "value")
    by_then = "coalesce({} < timestamp '" + str(end) + "', true)"
    assigned = reader.connection.execute(
        f"select assignee_id from {tickets} where {by_then.format('created_at')}"
        f" union select value from {history} where field_name = 'assignee_id' and {by_then.format('updated')}"
    ).fetchall()
    lists = reader.connection.execute(
        f"select distinct merged_ticket_ids from {tickets} where {by_then.format('created_at')}"
    ).fetchall()
    raw.assigned = {name for (name,) in assigned if name}
    raw.merged = ids_listed(text for (text,) in lists)
