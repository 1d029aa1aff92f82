from customer_success.metrics.definitions import Nodes, catalogue


def model(dbt, session):
    dbt.config(materialized="table")
    nodes = Nodes.of_rows(dbt.ref("int_metric_nodes").fetchall())
    seeds = {
        "billing_intervals": dbt.ref("billing_intervals"),
        "event_features": dbt.ref("event_features"),
        "features": dbt.ref("features"),
        "feedback_loop_rules": dbt.ref("feedback_loop_rules"),
        "health_bands": dbt.ref("health_bands"),
        "health_parts": dbt.ref("health_parts"),
        "health_points": dbt.ref("health_points"),
        "nps_categories": dbt.ref("nps_categories"),
        "onboarding_programs": dbt.ref("onboarding_programs"),
        "onboarding_steps": dbt.ref("onboarding_steps"),
        "plans": dbt.ref("plans"),
        "subscription_statuses": dbt.ref("subscription_statuses"),
        "ticket_levels": dbt.ref("ticket_levels"),
        "ticket_priorities": dbt.ref("ticket_priorities"),
        "ticket_slas": dbt.ref("ticket_slas"),
        "ticket_tags": dbt.ref("ticket_tags"),
        "zendesk_priorities": dbt.ref("zendesk_priorities"),
    }
    return catalogue(nodes, {name: seed.to_arrow_table().to_pylist() for name, seed in seeds.items()})
