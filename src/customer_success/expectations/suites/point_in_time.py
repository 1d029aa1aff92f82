"""Point in time: rows of the past are those that an earlier build had, unless something became known since.

The earlier build is the published version (or any other database that is given). Days on or after the first
one that events received since then belong to are excused, and so is its last day, whose sessions may go on.
"""

from ..check import Check, Suite

# `earlier` is a catalog of views on the earlier database. One that knew of later days has nothing to compare with.
PAST = """
with since as (select max(activity_date) as last_day from earlier.fct_household_daily),
touched as (
    select coalesce(min(event_date), date '9999-12-31') as first_day
    from staging.stg_product__events, since
    where received_at >= last_day + 1 and event_date <= last_day
),
before as (
    select activity_date, sum({print}) as fingerprint from earlier.fct_household_daily group by 1
),
now as (
    select activity_date, sum({print}) as fingerprint from analytics.fct_household_daily group by 1
)
select strftime(activity_date, '%Y-%m-%d') as item, cast(before.fingerprint as varchar) as before,
    cast(now.fingerprint as varchar) as now, activity_date >= first_day or activity_date = last_day as touched
from before full join now using (activity_date), since, touched
where last_day <= as_of() and activity_date <= last_day and activity_date > last_day - {days}
"""
DAYS = 92
PRINT = "hash(household_id, active_members, events, sessions, app_opens, tasks_completed, features_used)"

SUITE = Suite(
    "point_in_time",
    (
        Check(
            "past_days_stay_what_they_were",
            "analytics.fct_household_daily",
            "past",
            f"Each of the last {DAYS} days of the earlier build has the same rows now, unless late events touched it",
            "the version published before, and moments of receipt in staging.stg_product__events",
            PAST.format(print=PRINT, days=DAYS),
            warns=True,
            needs=("earlier.fct_household_daily",),
        ),
    ),
)
