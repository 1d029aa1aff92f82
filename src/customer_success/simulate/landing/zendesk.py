"""Zendesk as its connector lands it: gaps in links, priorities, tickets merged or opened by staff."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .frames import NEXT_LOAD, Block, some, together
from .loads import deleted, loaded_before
from .moments import write_moments, write_words
from .zendesk_truth import levels_of, tell_tickets

STAFF = "sim_zus_9"  # how ids of staff begin
LEFT = "sim_zus_90000090"  # who has left, was never assigned a ticket and is an end user now
_NOW_END_USER, _DELETED = "sim_zus_90000003", "sim_zus_90000005"
PRIORITY_OF = {  # urgency and impact, as tags
    ("high", "high"): "urgent",
    ("high", "medium"): "high",
    ("medium", "high"): "high",
    ("low", "medium"): "low",
    ("low", "low"): "low",
    ("medium", "low"): "low",
}
PRIORITIES = ("urgent", "high", "normal", "low")
_TWENTY_MINUTES = pd.Timedelta(minutes=20)


def land_agents(block: Block) -> None:
    """Write the support team: two of it have left, one is deleted, and a third person left long ago."""
    rows = block.tables["zendesk.user"]
    rows = rows.assign(
        name="Agent " + rows["id"].str[-2:], active=True, suspended=False, created_at=block.begin
    )
    rows = rows.assign(updated_at=block.begin.strftime("%Y-%m-%dT%H:%M:%SZ"))
    left = rows["id"] == _NOW_END_USER
    rows.loc[left, "role"], rows.loc[left, "active"] = "end-user", False
    rows.loc[rows["id"] == "sim_zus_90000007", "role"] = "Agent"
    gone = rows["id"] == _DELETED
    block.set_apart(
        "zendesk.user", rows[gone].assign(_fivetran_deleted=True, active=False), "deleted", "staff_left"
    )
    never = rows[left].assign(id=LEFT, email="agent90@petforce.example", name="Agent 90")
    block.tables["zendesk.user"] = together([rows[~gone], never])


def land(block: Block, rng: np.random.Generator) -> None:
    """Bring the Zendesk tables of a block into the connector's shape."""
    _people(block, rng)
    tickets = block.tables["zendesk.ticket"].assign(via_channel="email", is_public=True)
    block.tables["zendesk.ticket"] = tickets.assign(
        submitter_id=tickets["requester_id"],
        priority=_priorities(block, tickets, rng),
        merged_ticket_ids="[]",
        kind="ordinary",
    )
    _priority_history(block, rng)
    _opened_by_staff(block, rng)
    _answers_of_who_left(block, rng)
    _merged(block, rng)
    tell_tickets(block)
    _rows_apart(block, rng)
    write_words(block, "zendesk.ticket", "status", (str.title, lambda word: f"{word} "), rng)
    write_moments(block, "zendesk.ticket", ("updated_at",), rng)
    write_moments(block, "zendesk.user", ("updated_at",), rng)


def _people(block: Block, rng: np.random.Generator) -> None:
    """Leave out some links: organisations without household, people without organisation or app user."""
    users, organizations = block.tables["zendesk.user"], block.tables["zendesk.organization"]
    homes = block.tables["app.household_members"].groupby("user_id")["household_id"].nunique()
    moves = users["external_id"].map(homes).fillna(0).gt(1).groupby(users["organization_id"]).any()
    settled = organizations[~organizations["id"].map(moves).fillna(True).astype(bool)]
    unnamed = some(settled, 0.03, rng)
    organizations.loc[unnamed, "external_id"] = None
    known = users[~users["organization_id"].isin(organizations.loc[unnamed, "id"])]
    draw = pd.Series(rng.random(len(known)), index=known.index)
    users.loc[known.index[draw < 0.10], "external_id"] = None
    users.loc[known.index[draw > 0.95], "organization_id"] = None
    since = {"created_at": users["_fivetran_synced"], "updated_at": users["_fivetran_synced"]}
    block.tables["zendesk.user"] = users.assign(
        name="Person " + users["id"].str[-8:], active=True, suspended=False, **since
    )
    since = {"created_at": organizations["_fivetran_synced"], "updated_at": organizations["_fivetran_synced"]}
    block.tables["zendesk.organization"] = organizations.assign(**since)


def _priorities(block: Block, tickets: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return the desk's priority: that of the tags; where one is missing any, or none."""
    levels = levels_of(block).reindex(tickets["id"])
    drawn = rng.integers(0, 4, len(tickets))
    unsaid = rng.random(len(tickets)) < 0.3
    said = []
    for urgency, impact, other, none in zip(levels["urgency"], levels["impact"], drawn, unsaid, strict=True):
        if isinstance(urgency, str) and isinstance(impact, str):
            said.append(PRIORITY_OF.get((urgency, impact), "normal"))
        else:
            said.append(None if none else PRIORITIES[other])
    return pd.Series(said, index=tickets.index, dtype=object)


def _priority_history(block: Block, rng: np.random.Generator) -> None:
    """Write how priorities were set; a tenth was normal at first."""
    tickets = block.tables["zendesk.ticket"]
    said = tickets[tickets["priority"].notna()]
    at_first = pd.DataFrame(
        {"ticket_id": said["id"], "value": said["priority"], "updated": said["created_at"]}
    )
    at_first["user_id"] = said["submitter_id"]
    later = said.loc[some(said[said["created_at"] + NEXT_LOAD < block.midnight], 0.10, rng)]
    at_first.loc[later.index, "value"] = "normal"
    changed = pd.DataFrame({"ticket_id": later["id"], "value": later["priority"]})
    changed["updated"] = later["created_at"] + pd.Timedelta(minutes=2)
    changed["user_id"] = "sim_zus_90000000"
    rows = together([at_first, changed]).assign(field_name="priority")
    rows["_fivetran_synced"] = (rows["updated"] + NEXT_LOAD).clip(upper=block.export)
    block.add("zendesk.ticket_field_history", rows)


def _opened_by_staff(block: Block, rng: np.random.Generator) -> None:
    """Let staff open some tickets for a customer: they submit it and write its first comment."""
    tickets, comments = block.tables["zendesk.ticket"], block.tables["zendesk.ticket_comment"]
    at = some(tickets[tickets["assignee_id"].notna()], 0.01, rng)
    tickets.loc[at, "submitter_id"] = tickets.loc[at, "assignee_id"]
    tickets.loc[at, "kind"] = "agent_opened"
    opened = tickets.loc[at].set_index("id")
    first = comments["ticket_id"].isin(opened.index)
    first &= comments["created"] == comments["ticket_id"].map(opened["created_at"])
    comments.loc[first, "user_id"] = comments.loc[first, "ticket_id"].map(opened["assignee_id"])


def _answers_of_who_left(block: Block, rng: np.random.Generator) -> None:
    comments = block.tables["zendesk.ticket_comment"]
    answers = comments[comments["user_id"].str.startswith(STAFF)]
    comments.loc[some(answers, 0.03, rng), "user_id"] = LEFT


def _merged(block: Block, rng: np.random.Generator) -> None:
    """Add tickets that were merged: some say so by a tag, some stand in the other's list, some both."""
    tickets = block.tables["zendesk.ticket"]
    can = tickets[(tickets["created_at"] + NEXT_LOAD < block.export) & (tickets["kind"] == "ordinary")]
    at = some(can, 0.015, rng, least=3)
    rows = tickets.loc[at].reset_index(drop=True)
    into = rows["id"]
    begun = rows["created_at"] + _TWENTY_MINUTES
    ended = begun + _TWENTY_MINUTES
    loaded = {"_fivetran_synced": ended + NEXT_LOAD}
    merged = rows.assign(
        id=into.str.replace("tkt_", "tkt_again_"), created_at=begun, updated_at=ended, kind="merged"
    )
    merged = merged.assign(status="closed", assignee_id="sim_zus_90000000", **loaded)
    listed, tagged = merged.index % 3 != 0, merged.index % 3 != 1
    tickets.loc[at[listed], "merged_ticket_ids"] = ('["' + merged["id"] + '"]')[listed].to_numpy()
    block.add("zendesk.ticket", merged)
    ids = merged["id"]
    tags = pd.DataFrame(
        {"ticket_id": ids[tagged], "tag": "closed_by_merge", "_fivetran_synced": ended[tagged]}
    )
    block.add("zendesk.ticket_tag", tags)
    history = [
        pd.DataFrame({"ticket_id": ids, "value": value, "updated": moment, "user_id": user} | loaded)
        for value, moment, user in (
            ("new", begun, rows["requester_id"]),
            ("closed", ended, "sim_zus_90000000"),
        )
    ]
    block.add("zendesk.ticket_field_history", together(history).assign(field_name="status"))
    comments = [
        pd.DataFrame(
            {"id": ids.str.replace("tkt_again_", f"cmt_{n}_again_"), "ticket_id": ids, "created": moment}
            | said
            | loaded
        )
        for n, moment, said in (
            (1, begun, {"user_id": rows["requester_id"], "body": "Did you get my message?"}),
            (2, ended, {"user_id": "sim_zus_90000000", "body": "This was merged into your earlier ticket."}),
        )
    ]
    block.add("zendesk.ticket_comment", together(comments).assign(public=True))


def _rows_apart(block: Block, rng: np.random.Generator) -> None:
    loaded_before(block, "zendesk.ticket", {"status": "new", "assignee_id": None}, rng)
    loaded_before(block, "zendesk.user", {"email": "before@example.org"}, rng)
    loaded_before(block, "zendesk.organization", {"name": "Before the change of name"}, rng)
    deleted(block, "zendesk.ticket", rng)
    deleted(
        block, "zendesk.ticket", rng, change=lambda rows: rows.assign(id=rows["id"] + "_s", status="deleted")
    )
    _deleted_answers(block, rng)
    nobody = (
        block.tables["zendesk.user"]
        .iloc[:1]
        .assign(
            id=f"sim_zus_nobody_{block.number:04d}",
            email="stranger@elsewhere.example",
            external_id=None,
            organization_id=None,
        )
    )
    block.add("zendesk.user", nobody)
    rows = (
        block.tables["zendesk.ticket"]
        .iloc[:1]
        .assign(
            id=f"sim_tkt_nobody_{block.number:04d}", organization_id=None, requester_id=nobody["id"].iloc[0]
        )
    )
    block.set_apart("zendesk.ticket", rows, "quarantined", "without_household")


def _deleted_answers(block: Block, rng: np.random.Generator) -> None:
    """Add answers of staff that were deleted: they would be the first responses of their tickets."""
    tickets = block.tables["zendesk.ticket"]
    slow = tickets[tickets["first_response_at"] - tickets["created_at"] > pd.Timedelta(minutes=10)]
    slow = slow.loc[some(slow, 0.02, rng)]
    rows = {"id": "sim_gone_" + slow["id"].str[4:], "ticket_id": slow["id"], "user_id": slow["assignee_id"]}
    created = slow["created_at"] + pd.Timedelta(minutes=5)
    rows |= {"body": "Sent by mistake", "public": True, "created": created, "_fivetran_deleted": True}
    rows["_fivetran_synced"] = (created + NEXT_LOAD).clip(upper=block.export)
    block.set_apart("zendesk.ticket_comment", pd.DataFrame(rows), "deleted", "deleted_answer")
