"""Tickets, and what surveys were sent and answered."""

from __future__ import annotations

import pandas as pd

from .rules import AGENT_ROLES, SOLVED
from .staging import Staged

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


def strongest(tags: list[str], prefix: str) -> str | None:
    """Return the highest level that stands among tags like urgency_high."""
    for level in ("high", "medium", "low"):
        if f"{prefix}_{level}" in tags:
            return level
    return None


def sla_met(done: pd.Timestamp | None, created: pd.Timestamp, hours: int, end: pd.Timestamp) -> bool | None:
    """Judge an SLA: true if met in time, false once due and missed, None before."""
    due = created + hours * HOUR
    if done is not None:
        return bool(done <= due)
    return None if due >= end else False


def _by_ticket(frame: pd.DataFrame, *columns: str) -> dict[str, list[tuple]]:
    out: dict[str, list[tuple]] = {}
    for ticket, *values in zip(frame["ticket_id"], *(frame[column] for column in columns), strict=True):
        out.setdefault(ticket, []).append(tuple(values))
    return out


def tickets(staged: Staged) -> pd.DataFrame:
    """Build fct_support_tickets as known at the end of as_of_date."""
    rules, end = staged.rules, staged.end
    history = staged["zendesk.ticket_field_history"]
    statuses = _by_ticket(history[history["field_name"] == "status"], "updated", "value")
    tag_rows = _by_ticket(history[history["field_name"] == "tags"], "updated", "value")
    plain_tags = _by_ticket(staged["zendesk.ticket_tag"], "tag")
    users = staged["zendesk.user"]
    agents = set(users["id"][users["role"].isin(AGENT_ROLES)])
    app_user = dict(zip(users["id"], users["external_id"], strict=True))
    comments = staged["zendesk.ticket_comment"]
    public = comments[(comments["public"] == True) & comments["user_id"].isin(agents)]  # noqa: E712
    answers = _by_ticket(public, "created")
    replies = staged["survey.response"]
    replies = replies[
        (replies["survey_type"] == "CSAT") & replies["ticket_id"].notna() & replies["score"].notna()
    ]
    csat = _by_ticket(replies, "responded_at", "id", "score")

    can_answer = staged.has("zendesk.ticket_comment", "zendesk.user")
    has_history = staged.has("zendesk.ticket_field_history")
    tells_tags = staged.has("zendesk.ticket_tag")
    rows = []
    for ticket in staged["zendesk.ticket"].itertuples(index=False):
        status, solved, reopened = status_course(statuses.get(ticket.id, []), ticket.status)
        if ticket.id in tag_rows:
            latest = max(tag_rows[ticket.id], key=lambda pair: pair[0])[1]
            tags = (latest or "").split()
        else:
            tags = [tag for (tag,) in plain_tags.get(ticket.id, [])]
        urgency, impact = strongest(tags, "urgency"), strongest(tags, "impact")
        priority = rules.priorities.get((urgency, impact), rules.assumed_priority)
        said = sorted(moment for (moment,) in answers.get(ticket.id, []))
        first = said[0] if said else None
        response_hours = rules.response_hours[priority]
        resolution_hours = rules.resolution_hours[priority]
        one_touch = None
        if status in SOLVED and can_answer:
            one_touch = len(said) == 1 and reopened == 0
        issues = sorted(tag[6:] for tag in tags if tag.startswith("issue_"))
        rivals = sorted(tag[11:] for tag in tags if tag.startswith("competitor_"))
        rows.append(
            {
                "ticket_id": ticket.id,
                "household_id": ticket.household_id,
                "requester_user_id": app_user.get(ticket.requester_id),
                "issue_title": ticket.subject,
                "issue_key": issues[0] if issues else None,
                "category": next((c for c in rules.ticket_categories if c in tags), None),
                "urgency": urgency,
                "impact": impact,
                "priority": priority,
                "priority_assumed": urgency is None or impact is None,
                "severity": rules.severities[priority],
                "status": status,
                "created_at": ticket.created_at,
                "first_response_at": first,
                "resolved_at": solved,
                "reopen_count": reopened if has_history else None,
                "is_one_touch": one_touch,
                "first_response_hours": None if first is None else (first - ticket.created_at) / HOUR,
                "resolution_hours": None if solved is None else (solved - ticket.created_at) / HOUR,
                "response_sla_hours": response_hours,
                "resolution_sla_hours": resolution_hours,
                "response_sla_met": sla_met(first, ticket.created_at, response_hours, end)
                if can_answer
                else None,
                "resolution_sla_met": sla_met(solved, ticket.created_at, resolution_hours, end)
                if has_history
                else None,
                "csat_score": max(csat[ticket.id])[2] if ticket.id in csat else None,
                "is_escalated": "escalated" in tags if tells_tags or ticket.id in tag_rows else None,
                "competitor_mentioned": rivals[0] if rivals else None,
            }
        )
    columns = (
        "ticket_id household_id requester_user_id issue_title issue_key category urgency impact "
        "priority priority_assumed severity status created_at first_response_at resolved_at "
        "reopen_count is_one_touch first_response_hours resolution_hours response_sla_hours "
        "resolution_sla_hours response_sla_met resolution_sla_met csat_score is_escalated "
        "competitor_mentioned"
    )
    out = pd.DataFrame(rows, columns=columns.split())
    for column in ("created_at", "first_response_at", "resolved_at"):
        out[column] = pd.to_datetime(out[column]).astype("datetime64[us]")
    for column in ("first_response_hours", "resolution_hours", "csat_score"):
        out[column] = out[column].astype("float64")
    return out


def nps_category(score: float) -> str | None:
    """Name the side that an NPS answer is on."""
    if score != score:
        return None
    return "Promoter" if score >= 9 else "Passive" if score >= 7 else "Detractor"


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
            "nps_category": rows["score"].map(nps_category).astype(object),
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
