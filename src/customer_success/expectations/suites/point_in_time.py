"""Point in time: rows of the past are those that an earlier build had, unless late data touched them.

The earlier build is the published version, or any other database that is given.
"""

from ..check import Check, Suite

DAYS = 92

SUITE = Suite(
    "point_in_time",
    (
        Check(
            "past_days_stay_what_they_were",
            "analytics.fct_household_daily",
            "past",
            f"The last {DAYS} days of the earlier build are the same now, unless late events touched them",
            "the version published before, and moments of receipt in staging.stg_product__events",
            "point_in_time/past_days_stay_what_they_were",
            parameters={"days": DAYS},
            warns=True,
            needs=("main.earlier_fct_household_daily",),
        ),
    ),
)
