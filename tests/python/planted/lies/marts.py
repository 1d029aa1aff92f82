"""Lies in marts that no metric and no score is made of: what CSMs, billing and the desk read."""

from __future__ import annotations

from ..lie import Lie, Replace

KIND = "marts"
HEALTH, CHURN = "models/marts/health", "models/marts/churn"


def _lie(
    name: str,
    file: str,
    honest: str,
    planted: str,
    check: str = "",
    *,
    full: bool = False,
    model: bool = False,
) -> Lie:
    mart = file.rpartition("/")[2].removesuffix(".sql")
    return Lie(
        name, KIND, (Replace(file, honest, planted),), check or f"marts: {mart}", full=full, model=model
    )


LIES = [
    _lie(
        "Declines of the B2B score are shown as stable",
        f"{HEALTH}/fct_retention_health.sql",
        "{{ direction_of('scores.overall_score - earlier.retention_b2b') }} as health_trend",
        "replace({{ direction_of('scores.overall_score - earlier.retention_b2b') }}, 'declining', 'stable')"
        " as health_trend",
    ),
    _lie(
        "A score is five points better under its older name",
        "models/marts/compat/customer_health_scores.sql",
        "    overall_score,\n",
        "    least(100, overall_score + 5) as overall_score,\n",
    ),
    _lie(
        "Negative messages are neutral in the older log",
        "models/marts/compat/account_health_logs.sql",
        "    sentiment,\n",
        "    replace(sentiment, 'Negative', 'Neutral') as sentiment,\n",
    ),
    _lie(
        "Parts that have fallen have an unknown change",
        f"{HEALTH}/fct_health_drivers.sql",
        "    change_28d,\n    -- The",
        "    case when change_28d > 0 then change_28d end as change_28d,\n    -- The",
    ),
    _lie(
        "A large fall of the score is no urgent alert",
        f"{HEALTH}/fct_health_alerts.sql",
        "'high' as severity",
        "'low' as severity",
        full=True,
    ),
    _lie(
        "Dormant users are casual users",
        f"{HEALTH}/fct_customer_profiles.sql",
        "    profiles.*,\n",
        "    profiles.* replace (replace(usage_intensity, 'Dormant', 'Casual') as usage_intensity),\n",
    ),
    _lie(
        "A segment's action is that of another",
        f"{HEALTH}/rpt_micro_segments.sql",
        "    avg_churn_probability,\n    recommended_action\n",
        "    avg_churn_probability,\n    'Monitor and nurture' as recommended_action\n",
    ),
    _lie(
        "A missed SLA is met",
        "models/marts/support/fct_support_tickets.sql",
        "then {{ sla_met('created_at', 'resolved_at', 'resolution_sla_hours') }}",
        "then {{ sla_met('created_at', 'resolved_at', 'resolution_sla_hours') }} is not null",
    ),
    _lie(
        "Subscriptions began a month earlier",
        "models/marts/billing/dim_subscriptions.sql",
        "    chosen.started_at,\n",
        "    chosen.started_at - 30 as started_at,\n",
    ),
    _lie(
        "Everybody who left was on Premium",
        f"{CHURN}/fct_churn_events.sql",
        "case when described.was_paying then described.plan_type else free_plan.plan_type end as plan_before",
        "'Premium' as plan_before",
    ),
    _lie(
        "A low health score adds half of its points to the risk",
        f"{CHURN}/fct_churn_risk.sql",
        "{{ risk_points(rule) }} as {{ rule }}_points,",
        "{{ risk_points(rule) }}{{ ' // 2' if rule == 'health' }} as {{ rule }}_points,",
        full=True,
    ),
    _lie(
        "Those who churned without a ticket are not counted",
        f"{CHURN}/rpt_churn_by_ticket_volume.sql",
        "count(*) filter (where households.has_churned) as churned_customers",
        "count(*) filter (where households.has_churned and tickets_90 > 0) as churned_customers",
    ),
    _lie(
        "Low shares of healthy customers are withheld as stale",
        "models/marts/metrics/fct_metric_values.sql",
        "        evidence.* exclude (metric),\n",
        "        evidence.* exclude (metric) replace (\n"
        "            evidence.is_stale or (grid.metric = 'healthy_share' and components.value < 0.5)"
        " as is_stale,\n"
        "            case when grid.metric = 'healthy_share' then 'its source is old' else freshness_note end"
        " as freshness_note\n"
        "        ),\n",
    ),
    _lie(
        "Raw rows that were quarantined are not counted as raw",
        "models/marts/quality/fct_source_reconciliation.sql",
        "    cast(raw_value as decimal(18, 2)) as raw_value,\n",
        "    cast(raw_value - quarantined as decimal(18, 2)) as raw_value,\n",
        "counts of raw rows",
    ),
    _lie(
        "Risk factors of a prediction lose their severity",
        f"{CHURN}/fct_churn_severity.sql",
        "json_object('type', type, 'severity', severity,",
        "json_object('type', type, 'severity', 'low',",
        model=True,
    ),
    _lie(
        "Every household of an earlier prediction has left",
        f"{CHURN}/ml_prediction_outcomes.sql",
        "case when followed.outcome_known then departures.household_id is not null end as churned_next_30d",
        "case when followed.outcome_known then true end as churned_next_30d",
        model=True,
    ),
]
