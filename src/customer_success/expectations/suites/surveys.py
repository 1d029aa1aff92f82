"""Surveys: invitations, answers, and whether the sample is large enough."""

from ..check import Check, Suite

LEAST_RATE, LEAST_SAMPLE = 0.10, 30
PATH = "staging.stg_survey__invitation and answers to them in staging.stg_survey__response"

SUITE = Suite(
    "surveys",
    (
        Check(
            "answered_is_what_has_an_answer",
            "analytics.fct_survey_invitations",
            "agree",
            "Invitations sent and answered, by survey and month, are those of the survey tool",
            PATH,
            "surveys/answered_is_what_has_an_answer",
        ),
        Check(
            "enough_of_those_asked_answered",
            "staging.stg_survey__invitation",
            "between",
            f"At least {LEAST_RATE:.0%} of the invitations of the trailing period were answered",
            PATH,
            "surveys/enough_of_those_asked_answered",
            bounds=(LEAST_RATE, 1),
            warns=True,
        ),
        Check(
            "enough_households_answered",
            "staging.stg_survey__response",
            "between",
            f"At least {LEAST_SAMPLE} households answered in the trailing period",
            "staging.stg_survey__response",
            "surveys/enough_households_answered",
            bounds=(LEAST_SAMPLE, None),
            warns=True,
        ),
        Check(
            "published_nps_has_its_sample",
            "analytics.published_metrics",
            "between",
            f"No NPS of fewer than {LEAST_SAMPLE} households is published",
            "households that answered in the period, in staging.stg_survey__response",
            "surveys/published_nps_has_its_sample",
            bounds=(LEAST_SAMPLE, None),
            needs=("analytics.published_metrics",),
        ),
    ),
)
