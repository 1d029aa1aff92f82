"""Lies in the health scores: a weight, a point or a window that is not the rule's."""

from __future__ import annotations

from ..lie import Lie, Replace

KIND = "scores"
CHECK = "scores from raw"

LIES = [
    Lie(
        "Health weights sum to 1.1",
        KIND,
        (
            Replace(
                "seeds/rules/health/health_parts.csv",
                "value_v2,value_delivery,0.30,",
                "value_v2,value_delivery,0.40,",
            ),
        ),
        "assert_health_weights_sum_to_one",
        full=True,
    ),
    Lie(
        "A window is off by one day",
        KIND,
        (
            Replace(
                "models/intermediate/health/int_activity_at_score_dates.sql",
                "cast(sum(daily.events) filter (where windows.days_before < 30) as bigint) as events_30,",
                "cast(sum(daily.events) filter (where windows.days_before <= 30) as bigint) as events_30,",
            ),
        ),
        "assert_window_counts_match_their_days",
        full=True,
    ),
    Lie(
        "Points are not clamped at 0",
        KIND,
        (Replace("macros/health/points.sql", "greatest(0, least(100,", "greatest(20, least(100,"),),
        CHECK,
        full=True,
    ),
    Lie(
        "Scores are lifted by a point where they would be published as At Risk",
        KIND,
        (
            Replace(
                "models/marts/health/fct_health_scores.sql",
                "        guide_score as overall_score,\n",
                "        case guide_score when 79 then 80 else guide_score end as overall_score,\n",
            ),
        ),
        "scores",
        full=True,
    ),
    Lie(
        "The known weight is always reported as whole",
        KIND,
        (
            Replace(
                "models/marts/health/fct_health_scores.sql",
                "cast(known_weight as decimal(9, 6)) as known_weight,",
                "cast(1 as decimal(9, 6)) as known_weight,",
            ),
        ),
        "known weight",
        full=True,
    ),
]
