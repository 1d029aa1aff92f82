"""Retention: of the members who joined, those active on day 7 (30) exactly; who left stays in the denominator."""

from ..check import Check, Suite

PATH = "events of staging.stg_product__events on the day, by members of staging.stg_app__household_members"

# {period} is the cohort of a member; a cohort counts once the day is over for all of it.
THERE = """
    select {period} as period, count(*) as members, count(*) filter (where exists (
        select 1 from member_days as d
        where d.household_id = m.household_id and d.user_id = m.user_id and d.day = m.joined_date + {day}
            and (m.left_date is null or m.left_date > d.day)
    )) as active
    from staging.stg_app__household_members as m {join}
    group by all
"""

BY_MONTH = """
with there as ({there}),
here as (
    select date_trunc('month', joined_at) as period, count(*) as members, count(*) filter (where exists (
        select 1 from analytics.fct_household_activity as a
        where a.household_id = m.household_id and a.user_id = m.user_id
            and a.activity_date = cast(m.joined_at as date) + {day}
            and (m.left_at is null or cast(m.left_at as date) > a.activity_date)
    )) as active
    from analytics.dim_members as m group by 1
)
select strftime(period, '%Y-%m') as item, here.active / here.members as observed,
    there.active / there.members as expected
from here full join there using (period)
where last_day(period) + {day} <= as_of()
"""

PUBLISHED = """
with there as ({there})
select p.period_grain || ' ' || p.period_start as item, p.value as observed, there.active / there.members as expected
from analytics.published_metrics as p
left join there on there.period = p.period_grain || ' ' || p.period_start
where p.metric = 'user_retention_d{day}' and p.segment_type = 'all'
"""


def by_month(day: int) -> str:
    """Compare the share active on a day of each month's cohort."""
    there = THERE.format(period="date_trunc('month', m.joined_date)", day=day, join="")
    return BY_MONTH.format(there=there, day=day)


def published(day: int) -> str:
    """Recompute the published retention of each period that has one."""
    join = (
        f"inner join analytics.published_metrics as p on p.metric = 'user_retention_d{day}'"
        " and p.segment_type = 'all' and m.joined_date between p.period_start and p.period_end"
    )
    there = THERE.format(period="p.period_grain || ' ' || p.period_start", day=day, join=join)
    return PUBLISHED.format(there=there, day=day)


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
                by_month(day),
                tolerance=1e-12,
            ),
            Check(
                f"published_day_{day}_counts_exactly_that_day",
                "analytics.published_metrics",
                "agree",
                f"Each published retention on day {day} is that of the members who joined in its period",
                PATH,
                published(day),
                tolerance=1e-9,
                needs=("analytics.published_metrics",),
            ),
        )
    ),
)
