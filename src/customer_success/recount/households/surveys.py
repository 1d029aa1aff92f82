"""Surveys sent and answered."""

from __future__ import annotations

import pandas as pd

from .rules import Rules
from .sifting import Staged


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
