"""Churn, day by day: closed, or 30 days without activity while no subscription is in force.

The models find spells from edges of periods. Here every day of a sample of households is looked at by
itself (temporary tables `household_days` and `household_spells` of `run`): spells are runs of churned days.
"""

from ..check import Check, Suite

PATH = (
    "every day of a sample of households from stg_product__events, stg_app__household_members,"
    " stg_stripe__subscription_history and stg_app__households"
)

SPELLS = """
with here as (
    select household_id, churn_number, churned_at, reactivated_at, left_at,
        list_position(['closed', 'lapsed', 'dark'], churn_type) - 1 as kind
    from analytics.fct_churn_events semi join sampled_households using (household_id)
)
select household_id || ' spell ' || churn_number as item,
    here.{column}{number} as observed, there.{column}{number} as expected
from here full join household_spells as there using (household_id, churn_number)
"""
AS_NUMBER = " - date '1970-01-01'"

STATE = """
with there as (
    select household_id, not is_churned and not closed_on_signup as is_customer from household_days where day = as_of()
)
select household_id as item, cast(dim.is_active as integer) as observed, cast(there.is_customer as integer) as expected
from there full join (
    select * from analytics.dim_households semi join sampled_households using (household_id)
) as dim using (household_id)
"""

# Churned households stay in the denominator of the period they leave in.
PUBLISHED = """
with periods as (
    select period_grain, period_start, period_end, value
    from analytics.published_metrics where metric = 'household_churn_rate' and segment_type = 'all'
),
households as (
    select household_id, signup_date from staging.stg_app__households
    where closed_date is distinct from signup_date
),
starts as (
    select p.period_grain, p.period_start, p.period_end, h.household_id
    from periods as p inner join households as h on h.signup_date < p.period_start
    anti join analytics.fct_churn_events as c on c.household_id = h.household_id
        and c.churned_at < p.period_start and coalesce(c.reactivated_at, date '9999-12-31') >= p.period_start
),
leavers as (
    select distinct s.period_grain, s.period_start, s.household_id
    from starts as s inner join analytics.fct_churn_events as c on c.household_id = s.household_id
        and c.churned_at between s.period_start and s.period_end
),
there as (
    select s.period_grain, s.period_start, count(l.household_id) / count(*) as rate
    from starts as s left join leavers as l using (period_grain, period_start, household_id) group by all
)
select period_grain || ' ' || period_start as item, p.value as observed, there.rate as expected
from periods as p left join there using (period_grain, period_start)
"""


def spells(column: str, number: str = AS_NUMBER) -> str:
    """Compare one column of the spells, dates as numbers of days."""
    return SPELLS.format(column=column, number=number)


SUITE = Suite(
    "churn",
    (
        Check(
            "spells_begin_on_the_first_churned_day",
            "analytics.fct_churn_events",
            "agree",
            "Churned at d: closed, or no active day in the 30 days that end on d and no subscription in force",
            PATH,
            spells("churned_at"),
        ),
        Check(
            "spells_end_on_the_day_of_return",
            "analytics.fct_churn_events",
            "agree",
            "A spell ends on the first day that is not churned; until then its end is unknown",
            PATH,
            spells("reactivated_at"),
        ),
        Check(
            "types_follow_the_way_of_leaving",
            "analytics.fct_churn_events",
            "agree",
            "Closed (0): closed that day; lapsed (1): paying ended in the 30 days before; dark (2): neither",
            PATH,
            spells("kind", ""),
        ),
        Check(
            "left_at_is_when_it_really_left",
            "analytics.fct_churn_events",
            "agree",
            "Left: the closing; for a lapse the later of the end of paying and the last active day; else that day",
            PATH,
            spells("left_at"),
        ),
        Check(
            "customers_are_who_is_not_churned",
            "analytics.dim_households",
            "agree",
            "A household is a customer at the end of the last day unless it is churned then",
            PATH,
            STATE,
        ),
        Check(
            "published_rate_keeps_the_churned_in_its_denominator",
            "analytics.published_metrics",
            "agree",
            "Published churn rate = customers at the start who churned in the period / customers at the start",
            "signups of staging.stg_app__households and the spells recomputed above, period by period",
            PUBLISHED,
            tolerance=1e-9,
            needs=("analytics.published_metrics",),
        ),
    ),
)
