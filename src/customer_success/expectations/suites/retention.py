"""Retention: of the members who joined, those active on day 7 (30) exactly, leavers in the denominator."""

from ..check import Check, Suite

PATH = "events of staging.stg_product__events on the day, by members of staging.stg_app__household_members"

SUITE = Suite(
    "retention",
    tuple(
        check
        for day in (7, 30)
        for check in (
            Check(
                f"day_{day}_counts_exactly_that_day",
                "analytics.fct_household_activity",
                "agree",
                f"Share of the members of each month who were active on day {day} after joining",
                PATH,
                "retention/by_month",
                parameters={"day": day},
                tolerance=1e-12,
            ),
            Check(
                f"published_day_{day}_counts_exactly_that_day",
                "analytics.published_metrics",
                "agree",
                f"Each published retention on day {day} is that of the members who joined in its period",
                PATH,
                "retention/published",
                parameters={"day": day},
                tolerance=1e-9,
                needs=("analytics.published_metrics",),
            ),
        )
    ),
)
