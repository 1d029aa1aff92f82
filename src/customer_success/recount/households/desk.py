"""Tickets, and surveys sent and answered."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .rules import AGENT_ROLES, SOLVED, Rules
from .sifting import Staged

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


def _by_ticket(frame: pd.DataFrame, *columns: str) -> dict[str, list[tuple]]:
    out: dict[str, list[tuple]] = {}
    for ticket, *values in zip(frame["ticket_id"], *(frame[column] for column in columns), strict=True):
        out.setdefault(ticket, []).append(tuple(values))
    return out


@dataclass(frozen=True)
class _Desk:
    """Rows of the desk by ticket: statuses and tags with their moments, tags of today, public answers
    of agents, CSAT answers; and the app's users of the desk's users.
    """

    statuses: dict[str, list[tuple]]
    tag_rows: dict[str, list[tuple]]
    plain_tags: dict[str, list[tuple]]
    answers: dict[str, list[tuple]]
    csat: dict[str, list[tuple]]
    app_user: dict[str, str]

    @classmethod
    def of(cls, staged: Staged) -> _Desk:
        """Group the valid rows by ticket."""
        history = staged["zendesk.ticket_field_history"]
        users = staged["zendesk.user"]
        agents = set(users["id"][users["role"].isin(AGENT_ROLES)])
        comments = staged["zendesk.ticket_comment"]
        public = comments[(comments["public"] == True) & comments["user_id"].isin(agents)]  # noqa: E712
        replies = staged["survey.response"]
        replies = replies[
            (replies["survey_type"] == "CSAT") & replies["ticket_id"].notna() & replies["score"].notna()
        ]
        return cls(
            statuses=_by_ticket(history[history["field_name"] == "status"], "updated", "value"),
            tag_rows=_by_ticket(history[history["field_name"] == "tags"], "updated", "value"),
            plain_tags=_by_ticket(staged["zendesk.ticket_tag"], "tag"),
            answers=_by_ticket(public, "created"),
            csat=_by_ticket(replies, "responded_at", "id", "score"),
            app_user=dict(zip(users["id"], users["external_id"], strict=True)),
        )

    def tags(self, ticket: str) -> list[str]:
        """Return the latest tags of the history, or those of today where the history has none."""
        if ticket in self.tag_rows:
            latest = max(self.tag_rows[ticket], key=lambda pair: pair[0])[1]
            return (latest or "").split()
        return [tag for (tag,) in self.plain_tags.get(ticket, [])]


def tickets(staged: Staged) -> pd.DataFrame:
    """Build fct_support_tickets as known at the end of as_of_date."""
    desk = _Desk.of(staged)
    rows = [
        _described(ticket, desk, staged) | _handled(ticket, desk, staged)
        for ticket in staged["zendesk.ticket"].itertuples(index=False)
    ]
    columns = (
        "ticket_id household_id requester_user_id issue_title issue_key category urgency impact "
        "priority priority_assumed severity status created_at first_response_at resolved_at "
        "reopen_count public_agent_comments is_one_touch first_response_hours resolution_hours "
        "response_sla_hours resolution_sla_hours response_sla_met resolution_sla_met csat_score is_escalated "
        "competitor_mentioned"
    )
    out = pd.DataFrame(rows, columns=columns.split())
    for column in ("created_at", "first_response_at", "resolved_at"):
        out[column] = pd.to_datetime(out[column]).astype("datetime64[us]")
    for column in ("first_response_hours", "resolution_hours", "csat_score"):
        out[column] = out[column].astype("float64")
    return out


def _described(ticket, desk: _Desk, staged: Staged) -> dict[str, object]:
    """Return the columns of a ticket that follow from its tags."""
    rules, tags = staged.rules, desk.tags(ticket.id)
    urgency, impact = strongest(tags, "urgency", rules), strongest(tags, "impact", rules)
    priority = rules.priority(urgency, impact)
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
        "priority_assumed": urgency is None or impact is None,
        "severity": rules.severities[priority],
        "created_at": ticket.created_at,
        "response_sla_hours": rules.response_hours[priority],
        "resolution_sla_hours": rules.resolution_hours[priority],
        "is_escalated": is_escalated(tags, rules) if has_tag_rows else None,
        "competitor_mentioned": ", ".join(levels_named(tags, "competitor", rules)) or None,
    }


def _handled(ticket, desk: _Desk, staged: Staged) -> dict[str, object]:
    """Return the history of a ticket: answers, solutions, SLAs, satisfaction."""
    rules, end, created = staged.rules, staged.end, ticket.created_at
    can_answer = staged.has("zendesk.ticket_comment", "zendesk.user")
    has_history = staged.has("zendesk.ticket_field_history")
    status, solved, reopened = status_course(desk.statuses.get(ticket.id, []), ticket.status)
    answered = sorted(moment for (moment,) in desk.answers.get(ticket.id, []))
    first = answered[0] if answered else None
    tags = desk.tags(ticket.id)
    priority = rules.priority(strongest(tags, "urgency", rules), strongest(tags, "impact", rules))
    response, resolution = rules.response_hours[priority], rules.resolution_hours[priority]
    one_touch = None
    if status in SOLVED and can_answer:
        one_touch = len(answered) == 1 and reopened == 0
    return {
        "status": status,
        "first_response_at": first,
        "resolved_at": solved,
        "reopen_count": reopened if has_history else None,
        "public_agent_comments": len(answered),
        "is_one_touch": one_touch,
        "first_response_hours": None if first is None else (first - created) / HOUR,
        "resolution_hours": None if solved is None else (solved - created) / HOUR,
        "response_sla_met": sla_met(first, created, response, end) if can_answer else None,
        "resolution_sla_met": sla_met(solved, created, resolution, end) if has_history else None,
        "csat_score": max(desk.csat[ticket.id])[2] if ticket.id in desk.csat else None,
    }


def nps_category(score: float, rules: Rules) -> str | None:
    """Return the category of an NPS answer."""
    if score != score:
        return None
    return next((name for least, name in rules.nps_categories if score >= least), None)


def nps_surveys(staged: Staged) -> pd.DataFrame:
    """Build fct_nps_surveys."""
    rows = staged["survey.response"]
    rows = rows[rows["survey_type"] == "NPS"].reset_index(drop=True)
    sent = staged["survey.invitation"]
    triggers = dict(zip(sent["id"], sent["trigger"], strict=True))
    return pd.DataFrame(
        {
            "response_id": rows["id"],
            "household_id": rows["household_id"],
            "user_id": rows["user_id"],
            "nps_score": rows["score"],
            "nps_category": rows["score"].map(lambda score: nps_category(score, staged.rules)).astype(object),
            "nps_comment": rows["comment"],
            "survey_date": rows["responded_at"],
            "trigger": rows["invitation_id"].map(triggers).astype(object),
        }
    )


def csat_responses(staged: Staged) -> pd.DataFrame:
    """Build fct_csat_responses."""
    rows = staged["survey.response"]
    rows = rows[rows["survey_type"] == "CSAT"].reset_index(drop=True)
    return pd.DataFrame(
        {
            "response_id": rows["id"],
            "household_id": rows["household_id"],
            "ticket_id": rows["ticket_id"],
            "csat_score": rows["score"],
            "responded_at": rows["responded_at"],
        }
    )


def survey_invitations(staged: Staged) -> pd.DataFrame:
    """Build fct_survey_invitations: answered by the first response that names the invitation."""
    sent = staged["survey.invitation"]
    replies = staged["survey.response"]
    first = replies.groupby("invitation_id")["responded_at"].min()
    answered = sent["id"].map(first).astype("datetime64[us]")
    known = staged.has("survey.response")
    return pd.DataFrame(
        {
            "invitation_id": sent["id"],
            "survey_type": sent["survey_type"],
            "household_id": sent["household_id"],
            "sent_at": sent["sent_at"],
            "responded_at": answered,
            "is_responded": answered.notna().astype(object) if known else None,
        }
    )
