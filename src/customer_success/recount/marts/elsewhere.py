"""Published columns that the comparisons of this package leave out, with what holds them."""

from __future__ import annotations

from collections.abc import Mapping

from customer_success.recount.model_outputs import MARTS as OF_MODELS
from customer_success.recount.reconciled import LOSSES
from customer_success.recount.scores import TABLES as OF_SCORES

WHOLE = "*"  # stands for all columns of a mart
AFTERWARDS = "filled after the proofs have passed"
UNIQUE, WORDS = "test: unique; other columns name the row", "nothing: it repeats in words what others decide"
MODELS, RAW_ROWS = "proof: models of this build", "proof: counts of raw rows"

ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    **{mart: {WHOLE: "proof: scores from raw"} for mart in OF_SCORES},
    **{one.mart: {WHOLE: MODELS} for one in OF_MODELS},
    "churn_predictions_v2": {WHOLE: MODELS},
    "fct_churn_severity": dict.fromkeys(
        ("household_id", "churn_probability", "interval_width", "median_days_remaining", "severity"), MODELS
    ),
    "fct_feedback_loops": {"loop_id": UNIQUE},
    "fct_survey_decisions": {"decision_reason": WORDS},
    "fct_escalations": {"escalation_id": UNIQUE},
    "escalation_quotes": {"escalation_id": "by the rule, subject and day of its escalation"},
    "expansion_opportunities": {"id": UNIQUE, "signals": "compared as a list"},
    "fct_growth_candidates": dict.fromkeys(("reason", "detail", "offer"), WORDS),
    "dim_advocates": {"activities": WORDS},
    "fct_claim_verdicts": {WHOLE: "proof: claims"},
    "fct_metric_restatements": {WHOLE: "proof: restatements"},
    "fct_source_reconciliation": dict.fromkeys(("raw_value", *LOSSES), RAW_ROWS),
    "dim_households": {"is_synthetic": "test: assert_synthetic_data_is_marked_synthetic"},
    "rpt_journey_transitions": dict.fromkeys(
        ("ci_low", "ci_high"), "unit tests alone: the replicates of a bootstrap cannot be drawn again"
    ),
    "rpt_renewal_forecast": dict.fromkeys(
        ("forecast_mrr", "ci_low", "ci_high", "renewed_mrr", "note"),
        "unit tests alone: a past month's forecast needs what was known then",
    ),
    "fct_metric_values": {
        "dataset": "test: assert_synthetic_metrics_are_marked_synthetic",
        "git_commit": "nothing: it names the code of the build, not its data",
    },
    **{mart: {WHOLE: AFTERWARDS} for mart in ("fct_validation_results", "publication", "publication_files")},
}
