"""What must come out of the desk: household, priority, first response and kind of each ticket."""

from __future__ import annotations

import pandas as pd

from .frames import Block

_RANK = {"high": 0, "medium": 1, "low": 2}
_BY_TAGS = (("P0", "P1", "P2"), ("P1", "P2", "P3"), ("P2", "P3", "P4"))  # urgency by impact
_BY_DESK = {"urgent": "P0", "high": "P1", "normal": "P2", "low": "P3"}
_ASSUMED = "P3"


def tell_tickets(block: Block) -> None:
    """Write the truth `tickets` as of the last complete day, and the first response onto the tickets."""
    tickets, comments = block.tables["zendesk.ticket"], block.tables["zendesk.ticket_comment"]
    end = block.midnight
    staff = comments["user_id"].str.startswith("sim_zus_9")
    answers = comments[comments["public"] & staff & (comments["created"] < end)]
    tickets["first_response_at"] = tickets["id"].map(answers.groupby("ticket_id")["created"].min())
    visible = tickets[tickets["created_at"] < end]
    levels = levels_of(block).reindex(visible["id"])
    by_tags = [_of_tags(*pair) for pair in zip(levels["urgency"], levels["impact"], strict=True)]
    by_desk = visible["priority"].map(_BY_DESK)
    priority = pd.Series(by_tags, index=visible.index, dtype=object).fillna(by_desk)
    rows = pd.DataFrame(
        {
            "ticket_id": visible["id"],
            "household_id": _households(block, visible),
            "is_merged": visible["kind"] == "merged",
            "is_agent_opened": visible["kind"] == "agent_opened",
            "priority": priority.fillna(_ASSUMED),
            "is_priority_assumed": priority.isna(),
            "first_response_at": visible["first_response_at"],
        }
    )
    block.tell("tickets", rows)


def levels_of(block: Block) -> pd.DataFrame:
    """Return urgency and impact of each ticket (index) by its tags, null where it has none."""
    tags = block.tables["zendesk.ticket_tag"]
    parts = tags["tag"].str.extract(r"^(urgency|impact)_(high|medium|low)$")
    named = tags.assign(dimension=parts[0], level=parts[1]).dropna(subset=["level"])
    return named.pivot(index="ticket_id", columns="dimension", values="level").reindex(
        columns=["urgency", "impact"]
    )


def _of_tags(urgency: str, impact: str) -> str | None:
    if urgency in _RANK and impact in _RANK:
        return _BY_TAGS[_RANK[urgency]][_RANK[impact]]
    return None


def _households(block: Block, tickets: pd.DataFrame) -> pd.Series:
    """Return the household of each ticket; null where no organisation decides and several are possible."""
    named = block.tables["zendesk.organization"].set_index("id")["external_id"]
    homes = block.tables["app.household_members"].groupby("user_id")["household_id"].agg(["nunique", "first"])
    person = tickets["requester_id"].str.replace("zus_", "usr_")
    only = person.map(homes["first"].where(homes["nunique"] == 1))
    return tickets["organization_id"].map(named).fillna(only)
