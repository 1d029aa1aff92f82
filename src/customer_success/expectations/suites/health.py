"""Health: weights that sum to 1, scores as the recount has them, and scores compared with outcomes."""

from customer_success.recount.scores import evidence

from ..check import Check, Suite

SUITE = Suite(
    "health",
    (
        Check(
            "weights_sum_to_one",
            "rules.health_parts",
            "agree",
            "The weights of each scorecard sum to 1",
            "rules.health_parts and analytics.dim_health_rules",
            "health/weights_sum_to_one",
            tolerance=1e-9,
        ),
        Check(
            "parts_are_what_their_formulas_give",
            "analytics.fct_health_scores",
            "agree",
            "Parts and score of the primary scorecard, of households drawn by a hash, are those recounted",
            "raw rows, by the recount (customer_success.recount.households)",
            evidence,
            tolerance=1e-6,
        ),
        Check(
            "judged_by_all_outcomes_that_are_known",
            "analytics.rpt_health_backtest",
            "agree",
            "The back-test counts each score with a known outcome, up to a month before the last such score",
            "scores counted in analytics.fct_health_scores",
            "health/judged_by_all_outcomes_that_are_known",
        ),
        Check(
            "lower_bands_leave_more",
            "analytics.rpt_health_backtest_bands",
            "between",
            "Share that leaves within the first horizon: each band's is at least that of the band above",
            "the bands of the back-test",
            "health/lower_bands_leave_more",
            bounds=(0, None),
            warns=True,
        ),
    ),
)
