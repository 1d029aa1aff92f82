"""The metrics of the catalogue a second time: the family that counts them, numerator and denominator.

Written from the definitions in words. Nothing is read from the semantic models: a definition that
differs there must be noticed here. Rules that may be tuned are no definitions: see ``rules``.
"""

from __future__ import annotations

from dataclasses import dataclass

CENT = "0.01"
MILLIONTH = "0.000001"
ACTIVITY = ("product.events", "app.household_members")
RESPONSES = ("survey.response",)
COMMENTS = ("zendesk.ticket_comment", "zendesk.user")


@dataclass(frozen=True)
class Metric:
    """How one metric is counted.

    ``family`` is a table of the schema `recount` with one row per period and household. The other fields
    are sums over its columns, written as arithmetic of column names. ``numerator`` is multiplied by ``unit``
    (0.01 for cents), ``denominator`` too where ``both`` is set. No denominator: a total; with ``days``, the
    number of days of the period. The value is ``scale`` x numerator / denominator. The period is complete
    only once ``pending`` is 0. Without the raw tables ``needs`` the numerator is unknown.
    """

    name: str
    family: str
    numerator: str
    denominator: str | None
    sample: str
    unknown: str = "0"
    unit: str = "1"
    both: bool = False
    days: bool = False
    scale: int = 1
    pending: str = "0"
    needs: tuple[str, ...] = ()


def _revenue(name: str, numerator: str) -> Metric:
    return Metric(name, "starts", numerator, "mrr", "payers_known", "payers_unknown", unit=CENT, both=True)


def _retention(days: int) -> Metric:
    known, pending = f"known_{days}", f"pending_{days}"
    return Metric(
        f"user_retention_d{days}",
        "joined",
        f"back_{days}",
        known,
        known,
        pending,
        pending=pending,
        needs=ACTIVITY,
    )


def _share_of_scored(name: str, numerator: str) -> Metric:
    return Metric(name, "scores", numerator, "scored", "scored", "unscored")


METRICS: tuple[Metric, ...] = (
    Metric("nps", "answers", "promoters - detractors", "respondents", "respondents", "unscored", scale=100),
    Metric("csat", "answers", "csat_points", "csat_answers", "csat_answers", "csat_unscored"),
    Metric("nps_response_rate", "invitations", "nps_answered", "nps_sent", "nps_sent", needs=RESPONSES),
    Metric("csat_response_rate", "invitations", "csat_answered", "csat_sent", "csat_sent", needs=RESPONSES),
    Metric("household_churn_rate", "starts", "churned", "customers", "customers", needs=ACTIVITY),
    Metric("free_to_paid_conversion", "starts", "converted", "free", "free"),
    Metric("logo_churn_rate", "starts", "payers_lost", "payers", "payers"),
    Metric("logo_retention", "starts", "payers_kept", "payers", "payers"),
    _revenue("gross_revenue_retention", "mrr_kept"),
    _revenue("net_revenue_retention", "mrr_later"),
    _revenue("revenue_churn_rate", "mrr_lost"),
    Metric("mrr", "ends", "mrr", None, "payers", "payers_unknown", unit=CENT),
    Metric("expansion_share", "ends", "growth", "mrr", "payers", "growth_unknown", unit=CENT, both=True),
    Metric("feature_adoption_rate", "ends", "adopting", "customers", "customers", needs=ACTIVITY),
    _retention(7),
    _retention(30),
    Metric("dau", "presence", "daily", None, "homes", days=True),
    Metric("wau", "presence", "weekly", None, "homes", days=True),
    Metric("mau", "presence", "monthly", None, "homes", days=True),
    Metric("dau_mau_ratio", "presence", "daily", "monthly", "homes"),
    Metric(
        "first_response_hours", "desk", "response", "responded", "responded", "unresponded", unit=MILLIONTH
    ),
    Metric("resolution_hours", "desk", "resolution", "resolved", "resolved", "unresolved", unit=MILLIONTH),
    Metric("sla_met_rate", "desk", "met", "due", "due", "pending"),
    Metric("one_touch_rate", "desk", "one_touch", "solved", "solved", needs=COMMENTS),
    Metric(
        "onboarding_completion_rate",
        "beginners",
        "completed",
        "started",
        "started",
        "unmeasured",
        pending="unfinished",
    ),
    Metric(
        "first_value_7d_rate",
        "beginners",
        "valued",
        "started_first",
        "started_first",
        "unmeasured_first",
        pending="unfinished_first",
    ),
    Metric("detractor_follow_up_rate", "loops", "on_time", "due", "due", "unseen"),
    Metric("loop_closing_hours", "loops", "hours", "closed", "closed", "not_closed", unit=MILLIONTH),
    _share_of_scored("healthy_share", "healthy"),
    _share_of_scored("at_risk_share", "at_risk"),
    _share_of_scored("critical_share", "critical"),
    _share_of_scored("avg_health_score", "points"),
)
BY_NAME = {metric.name: metric for metric in METRICS}
# Families whose rows carry their plan, and those of new households, which go by the plan at the end of the
# period; the others go by that at its start.
WITH_PLAN = ("starts", "ends", "scores")
OF_NEW = ("beginners",)
FAMILIES = tuple(dict.fromkeys(metric.family for metric in METRICS))
