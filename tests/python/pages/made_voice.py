"""Made-up rows of the voice of the customer."""

from __future__ import annotations

from datetime import date, datetime

JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)


def voice(theme: str = "price", subject: str = "tkt_1") -> dict[str, list[dict]]:
    """Rows of each table that the page of the voice reads."""
    month = {"channel": "all", "theme": theme}
    return {
        "dim_households": [{"household_id": "hh_1", "is_active": True, "is_synthetic": False}],
        "rpt_comment_themes": [
            month
            | {"month_start": JUNE, "mentions": 30, "households": 20, "positive": 8, "negative": 16}
            | {"net_sentiment": -8 / 24, "ci_low": -0.6, "ci_high": -0.1},
            month
            | {"month_start": MAY, "mentions": 2, "households": 2, "positive": 0, "negative": 2}
            | {"net_sentiment": -1.0},
            {"channel": "all", "theme": "support", "month_start": JUNE, "mentions": 1, "households": 1}
            | {"positive": 0, "negative": 0},
            {"channel": "ticket", "theme": "support", "month_start": JUNE, "mentions": 1, "households": 1}
            | {"positive": 0, "negative": 0},
        ],
        "rpt_theme_changes": [
            {"theme": theme, "households_30d": 16, "expected_households": 4.5, "p_value": 0.0001}
            | {"p_holm": 0.0003, "is_rising": True},
            {"theme": "billing", "households_30d": 4, "expected_households": 4.0, "p_value": 0.5}
            | {"p_holm": 1.0, "is_rising": False},
            {"theme": "support", "households_30d": 7},
        ],
        "rpt_comment_keywords": [
            {"nps_category": "Promoter", "keyword": "easy", "polarity": "positive", "mention_count": 6}
        ],
        "fct_feedback_loops": [
            _loop("l1", "overdue", None),
            _loop("l2", "on_time", "own_1"),
            _loop("l3", "unobservable", "own_1"),
        ],
        "fct_survey_decisions": [
            _survey("already_sent"),
            _survey("missed"),
            _survey("send"),
        ],
        "rpt_survey_funnel": [
            {"survey_type": "NPS", "month_start": MAY, "occurrences": 9, "sent": 8, "answered": 2}
            | {"response_rate": 0.25, "ci_low": 0.07, "ci_high": 0.59},
            {"survey_type": "NPS", "month_start": JUNE, "occurrences": 1, "sent": 0, "answered": 0},
            {"survey_type": "Exit", "month_start": JUNE, "occurrences": 1, "sent": 0, "answered": 0},
        ],
        "fct_escalations": [
            _escalation("e1", subject, date(2026, 6, 2), None),
            _escalation("e2", "theme_1", None, date(2026, 6, 9)),
        ],
    }


def _loop(key: str, status: str, owner: str | None) -> dict:
    row = {"loop_id": key, "household_id": "hh_1", "kind": "resolution", "origin": "nps"}
    return row | {"opened_at": datetime(2026, 6, 3, 8), "status": status, "owner_id": owner}


def _survey(decision: str) -> dict:
    row = {"household_id": "hh_1", "trigger": "quarterly", "survey_type": "NPS", "due_on": JUNE}
    return row | {"decision": decision}


def _escalation(key: str, subject: str, opened: date | None, closed: date | None) -> dict:
    row = {"escalation_id": key, "rule": "critical_bug", "team": "engineering", "priority": "critical"}
    row |= {"subject_kind": "ticket", "subject": subject, "opened_on": opened, "closed_on": closed}
    return row | {"is_open": closed is None, "tickets": 1, "households": 1, "mrr_at_risk": None}
