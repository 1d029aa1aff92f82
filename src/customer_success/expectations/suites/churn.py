"""Churn, day by day: closed, or silent for churn_inactivity_days while no subscription is in force.

The models find spells from edges of periods. Here every day of a sample of households is checked by itself,
and spells are runs of churned days.
"""

from ..check import Check, Suite

PATH = (
    "every day of a sample of households from stg_product__events, stg_app__household_members,"
    " stg_stripe__subscription_history and stg_app__households"
)


def spells(key: str, column: str, says: str) -> Check:
    """Compare one column of the spells; dates as numbers of days, the kind as its place in the order."""
    return Check(
        key,
        "analytics.fct_churn_events",
        "agree",
        says,
        PATH,
        "churn/spells",
        parameters={"column": column},
    )


SUITE = Suite(
    "churn",
    (
        spells(
            "spells_begin_on_the_first_churned_day",
            "churned_at",
            "Churned at d: closed, or silent for churn_inactivity_days with no subscription in force",
        ),
        spells(
            "spells_end_on_the_day_of_return",
            "reactivated_at",
            "A spell ends on the first day that is not churned; until then its end is unknown",
        ),
        spells(
            "types_follow_the_way_of_leaving",
            "kind",
            "Closed (0): that day; lapsed (1): paid within lapse_window_days before; dark (2): neither",
        ),
        spells(
            "left_at_is_when_it_really_left",
            "left_at",
            "Left on closing; lapsed: the later of the end of paying and the last active day; dark: that day",
        ),
        Check(
            "customers_are_who_is_not_churned",
            "analytics.dim_households",
            "agree",
            "A household is a customer at the end of the last day unless it is churned then",
            PATH,
            "churn/customers_are_who_is_not_churned",
        ),
        Check(
            "published_rate_keeps_the_churned_in_its_denominator",
            "analytics.published_metrics",
            "agree",
            "Published rate = customers at the start who churned in the period / customers at the start",
            "signups in staging.stg_app__households and the spells recomputed above, period by period",
            "churn/published_rate_keeps_the_churned_in_its_denominator",
            tolerance=1e-9,
            needs=("analytics.published_metrics",),
        ),
    ),
)
