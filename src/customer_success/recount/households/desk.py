"""Tickets."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .rules import SOLVED, Rules
from .sifting import Staged
from .staff import merged_into_others, staff

HOUR = pd.Timedelta(hours=1)


def status_course(
    history: list[tuple[pd.Timestamp, str]], fallback: str
) -> tuple[str, pd.Timestamp | None, int]:
    """Follow a ticket's statuses: the last one, when it was last solved, how often reopened."""
    status, solved, reopened = fallback, None, 0
    for moment, value in sorted(history):
        status = value
        if value in SOLVED:
            solved = moment if solved is None else solved
        elif solved is not None:
            reopened += 1
            solved = None
    return status, solved, reopened


def levels_named(tags: list[str], dimension: str, rules: Rules) -> list[str]:
    """List the values of a dimension in tags, in order; for a pattern with a star, the rest of the tag."""
    found = []
    for tag in tags:
        for pattern, about, value in rules.tags:
            prefix = pattern.removesuffix("*")
            if about == dimension and (tag == pattern or (prefix != pattern and tag.startswith(prefix))):
                found.append(value or tag[len(prefix) :])
    return sorted(set(found))


def strongest(tags: list[str], dimension: str, rules: Rules) -> str | None:
    """Return the highest level that tags name in a dimension, in lower case."""
    named = {level.lower() for level in levels_named(tags, dimension, rules)}
    return next((level for level in rules.levels if level in named), None)


def sla_met(done: pd.Timestamp | None, created: pd.Timestamp, hours: int, end: pd.Timestamp) -> bool | None:
    """Check an SLA: true if met in time, false once due and missed, None before."""
    due = created + hours * HOUR
    if done is not None:
        return bool(done <= due)
    return None if due >= end else False


def is_escalated(tags: list[str], rules: Rules) -> bool:
    """Return whether the desk tagged an escalation."""
    return bool(levels_named(tags, "escalated", rules))


def latest(history: list[tuple[pd.Timestamp, str | None]]) -> str | None:
    """Return the last value of a field's history, None where it is empty."""
    return (max(history, key=lambda pair: pair[0])[1] or None) if history else None


def _by_ticket(frame: pd.DataFrame, *columns: str) -> dict[str, list[tuple]]:
    out: dict[str, list[tuple]] = {}
    for ticket, *values in zip(frame["ticket_id"], *(frame[column] for column in columns), strict=True):
        out.setdefault(ticket, []).append(tuple(values))
    return out


def _of_field(frame: pd.DataFrame, field: str) -> pd.DataFrame:
    return frame[frame["field_name"] == field]


@dataclass(frozen=True)
class _Desk:
    """Rows of the desk by ticket: statuses, tags and priorities with their moments, tags of today, public
    answers of staff, CSAT answers; the app's users of the desk's users; tickets opened by staff, merged, and
    those whose priority changed after as_of_date.
    """

    statuses: dict[str, list[tuple]]
    tag_rows: dict[str, list[tuple]]
    priorities: dict[str, list[tuple]]
    plain_tags: dict[str, list[tuple]]
    answers: dict[str, list[tuple]]
    csat: dict[str, list[tuple]]
    app_user: dict[str, str]
    of_staff: set[str]
    listed: set[str]
    prioritized_later: set[str]

    @classmethod
    def of(cls, staged: Staged) -> _Desk:
        """Group the valid rows by ticket."""
        history, users = staged["zendesk.ticket_field_history"], staged["zendesk.user"]
        comments, agents = staged["zendesk.ticket_comment"], staff(staged)
        public = comments[(comments["public"] == True) & comments["user_id"].isin(agents)]  # noqa: E712
        replies = staged["survey.response"]
        replies = replies[
            (replies["survey_type"] == "CSAT") & replies["ticket_id"].notna() & replies["score"].notna()
        ]
        later = _of_field(staged.later["zendesk", "ticket_field_history"], "priority")
        return cls(
            statuses=_by_ticket(_of_field(history, "status"), "updated", "value"),
            tag_rows=_by_ticket(_of_field(history, "tags"), "updated", "value"),
            priorities=_by_ticket(_of_field(history, "priority"), "updated", "value"),
            plain_tags=_by_ticket(staged["zendesk.ticket_tag"], "tag"),
            answers=_by_ticket(public, "created"),
            csat=_by_ticket(replies, "responded_at", "id", "score"),
            app_user=dict(zip(users["id"], users["external_id"], strict=True)),
            of_staff=_opened_by(agents, staged["zendesk.ticket"], comments),
            listed=merged_into_others(staged),
            prioritized_later=set(later["ticket_id"]),
        )

    def tags(self, ticket: str) -> list[str]:
        """Return the latest tags of the history, or those of today where the history has none."""
        if ticket in self.tag_rows:
            return (latest(self.tag_rows[ticket]) or "").split()
        return [tag for (tag,) in self.plain_tags.get(ticket, [])]

    def priority(self, ticket) -> str | None:
        """Return the desk's own priority, the latest of the history or, where it has none, that of today."""
        if ticket.id in self.priorities:
            return latest(self.priorities[ticket.id])
        return None if ticket.id in self.prioritized_later else ticket.priority


def _opened_by(agents: set[str], tickets: pd.DataFrame, comments: pd.DataFrame) -> set[str]:
    """Return the tickets that agents submitted; else the author of the first comment."""
    created = comments["ticket_id"].map(dict(zip(tickets["id"], tickets["created_at"], strict=True)))
    first = comments[comments["created"] == created].sort_values("id").drop_duplicates("ticket_id")
    authors = dict(zip(first["ticket_id"], first["user_id"], strict=True))
    rows = zip(tickets["id"], tickets["submitter_id"], strict=True)
    return {ticket for ticket, submitter in rows if (submitter or authors.get(ticket)) in agents}


def tickets(staged: Staged) -> pd.DataFrame:
    """Build fct_support_tickets as known at the end of as_of_date."""
    desk = _Desk.of(staged)
    rows = []
    for ticket in staged["zendesk.ticket"].itertuples(index=False):
        described = _described(ticket, desk, staged)
        rows.append(described | _handled(ticket, desk, staged, described))
    columns = (
        "ticket_id household_id requester_user_id issue_title issue_key category urgency impact "
        "priority is_priority_assumed severity status is_merged is_agent_opened created_at "
        "first_response_at resolved_at reopen_count public_agent_comments is_one_touch first_response_hours "
        "resolution_hours response_sla_hours resolution_sla_hours response_sla_met resolution_sla_met "
        "csat_score is_escalated competitor_mentioned"
    )
    out = pd.DataFrame(rows, columns=columns.split())
    for column in ("created_at", "first_response_at", "resolved_at"):
        out[column] = pd.to_datetime(out[column]).astype("datetime64[us]")
    for column in ("first_response_hours", "resolution_hours", "csat_score"):
        out[column] = out[column].astype("float64")
    return out


def _described(ticket, desk: _Desk, staged: Staged) -> dict[str, object]:
    """Return the columns of a ticket that follow from its tags and its priority."""
    rules, tags, own = staged.rules, desk.tags(ticket.id), desk.priority(ticket)
    urgency, impact = strongest(tags, "urgency", rules), strongest(tags, "impact", rules)
    priority = rules.priority(urgency, impact, own)
    issues = levels_named(tags, "issue", rules)
    has_tag_rows = ticket.id in desk.tag_rows or staged.has("zendesk.ticket_tag")
    return {
        "ticket_id": ticket.id,
        "household_id": ticket.household_id,
        "requester_user_id": desk.app_user.get(ticket.requester_id),
        "issue_title": ticket.subject,
        "issue_key": issues[0] if issues else None,
        "category": next(iter(levels_named(tags, "category", rules)), None),
        "urgency": urgency,
        "impact": impact,
        "priority": priority,
        "is_priority_assumed": None in (urgency, impact) and own is None,
        "severity": rules.severities[priority],
        "is_merged": ticket.id in desk.listed or bool(levels_named(tags, "merged", rules)),
        "is_agent_opened": ticket.id in desk.of_staff,
        "created_at": ticket.created_at,
        "response_sla_hours": rules.response_hours[priority],
        "resolution_sla_hours": rules.resolution_hours[priority],
        "is_escalated": is_escalated(tags, rules) if has_tag_rows else None,
        "competitor_mentioned": ", ".join(levels_named(tags, "competitor", rules)) or None,
    }


def _handled(ticket, desk: _Desk, staged: Staged, described: dict[str, object]) -> dict[str, object]:
    """Return the history of a ticket: answers, solutions, SLAs, satisfaction."""
    end, created = staged.end, ticket.created_at
    can_answer = staged.has("zendesk.ticket_comment", "zendesk.user")
    has_history = staged.has("zendesk.ticket_field_history")
    status, solved, reopened = status_course(desk.statuses.get(ticket.id, []), ticket.status)
    answered = [moment for (moment,) in desk.answers.get(ticket.id, [])]
    first = created if described["is_agent_opened"] else min(answered, default=None)
    first = first if can_answer else None
    counts, at_unknown_time = not described["is_merged"], solved is None and status in SOLVED
    response, resolution = described["response_sla_hours"], described["resolution_sla_hours"]
    return {
        "status": status,
        "first_response_at": first,
        "resolved_at": solved,
        "reopen_count": reopened if has_history else None,
        "public_agent_comments": len(answered) if can_answer else None,
        "is_one_touch": len(answered) == 1 and reopened == 0 if solved is not None and can_answer else None,
        "first_response_hours": None if first is None else (first - created) / HOUR,
        "resolution_hours": None if solved is None else (solved - created) / HOUR,
        "response_sla_met": sla_met(first, created, response, end) if can_answer and counts else None,
        "resolution_sla_met": sla_met(solved, created, resolution, end)
        if has_history and counts and not at_unknown_time
        else None,
        "csat_score": max(desk.csat[ticket.id])[2] if ticket.id in desk.csat else None,
    }
