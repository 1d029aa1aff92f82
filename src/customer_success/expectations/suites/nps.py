"""NPS from the answers themselves, by the categories of seed nps_categories; the last answer counts."""

from ..check import Check, Suite

ANSWERS = "staging.stg_survey__response"

SUITE = Suite(
    "nps",
    (
        Check(
            "each_answer_is_there_with_its_score",
            "analytics.fct_nps_surveys",
            "agree",
            "Answers, their points, and answers without a score: month by month those of the survey tool",
            f"counted per month in {ANSWERS}",
            "nps/each_answer_is_there_with_its_score",
        ),
        Check(
            "categories_follow_the_scores",
            "analytics.fct_nps_surveys",
            "agree",
            "Each score is in its category of seed nps_categories; an answer without a score is in none",
            f"category of each answer from its score in {ANSWERS}",
            "nps/categories_follow_the_scores",
        ),
        Check(
            "score_follows_the_formula",
            "analytics.fct_nps_surveys",
            "agree",
            "NPS = 100 × (promoters − detractors) / responding households, by last answers in the month",
            f"last answer per household and month in {ANSWERS}",
            "nps/score_follows_the_formula",
            tolerance=1e-9,
        ),
        Check(
            "each_detractor_has_a_loop",
            "analytics.fct_feedback_loops",
            "agree",
            "Each NPS answer of 0 to 6 has a loop that a person closes",
            f"answers of 0 to 6 per month in {ANSWERS}",
            "nps/each_detractor_has_a_loop",
        ),
        Check(
            "published_nps_follows_the_formula",
            "analytics.published_metrics",
            "agree",
            "Each published NPS of all households is what the answers of its period give",
            f"last answer per household and published period in {ANSWERS}",
            "nps/published_nps_follows_the_formula",
            tolerance=1e-6,
            needs=("analytics.published_metrics",),
        ),
    ),
)
