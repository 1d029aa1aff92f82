"""dim_health_rules: each rule of the seeds on health, with its bounds and its reason."""

from __future__ import annotations

from collections.abc import Mapping

from .held import Held

COLUMNS = (
    *("rule_set", "health_model", "part", "metric", "rule_order", "operator", "bound", "worst", "ideal"),
    *("value", "label", "reason"),
)
TEXT = "{}::varchar"
GIVEN = "array_to_string(list_filter([{}], lambda one: one is not null), ', ')"
# Rule set, seed, and SQL by column where it is not null.
SETS = (
    (
        "points",
        "health_points",
        {
            **{name: name for name in ("part", "metric", "rule_order", "worst", "ideal")},
            "operator": "if(kind = 'match', '=', coalesce(operator, kind))",
            "bound": TEXT.format("bound"),
            "value": "points",
            "label": "if(kind = 'match', operator, null)",
        },
    ),
    (
        "lines",
        "health_lines",
        {
            **{name: name for name in ("health_model", "part", "metric", "worst", "ideal")},
            "operator": "'line'",
            "value": "weight_numerator / weight_denominator::double",
        },
    ),
    ("weights", "health_parts", {"health_model": "health_model", "part": "part", "value": "weight"}),
    (
        "bands",
        "health_bands",
        {
            "health_model": "health_model",
            "metric": "'score'",
            "operator": "'between'",
            "bound": "format('{} and {}', min_score, max_score)",
            "label": "band",
        },
    ),
    (
        "trend_alerts",
        "trend_alerts",
        {
            "metric": "metric",
            "operator": "'falls by more than'",
            "bound": TEXT.format("drop_share"),
            "value": "min_current",
            "label": "severity",
        },
    ),
    (
        "daily_statuses",
        "daily_statuses",
        {
            "metric": "'score or alerts'",
            "rule_order": "rule_order",
            "operator": "'score < or alerts >='",
            "bound": "score_below || ' or ' || min_alerts",
            "label": "daily_status",
        },
    ),
    (
        "profile_levels",
        "profile_levels",
        {
            **{name: name for name in ("metric", "rule_order", "operator")},
            "part": "dimension",
            "bound": TEXT.format("bound"),
            "label": "level",
        },
    ),
    (
        "behavioral_segments",
        "behavioral_segments",
        {
            "metric": "'score and nps'",
            "rule_order": "rule_order",
            "operator": "'within'",
            "bound": GIVEN.format(
                "'score >= ' || min_score, 'score <= ' || max_score,"
                " 'nps >= ' || min_nps, 'nps <= ' || max_nps"
            ),
            "label": "behavioral_segment",
        },
    ),
    (
        "recommended_actions",
        "recommended_actions",
        {
            "metric": "'profile'",
            "rule_order": "rule_order",
            "operator": "'='",
            "bound": GIVEN.format(
                "usage_intensity, value_perception, collaboration_level, feature_sophistication,"
                " lifecycle_stage, support_dependency"
            ),
            "label": "recommended_action",
        },
    ),
    (
        "findings",
        "health_findings",
        {
            **{name: name for name in ("metric", "operator")},
            "part": "scope",
            "bound": TEXT.format("bound"),
            "label": "finding",
        },
    ),
)


def rule_list() -> Held:
    """Return the rules that dim_health_rules must show."""
    key = ("rule_set", "health_model", "part", "metric", "rule_order", "label")
    rules = " union all ".join(
        f"select {_columns({'rule_set': repr(name), 'reason': 'reason'} | by)} from rules.{seed}"
        for name, seed, by in SETS
    )
    return Held(
        "dim_health_rules", key, f"select *, concat_ws('.', {', '.join(key)}) as rule_id from ({rules})"
    )


def _columns(by_name: Mapping[str, str]) -> str:
    return ", ".join(f"{by_name.get(name, 'null')} as {name}" for name in COLUMNS)
