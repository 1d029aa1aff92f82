"""The units of each metric's interval and their moments, stated a second time.

The interval treats units as independent. A unit is an answer, a ticket or a household. Answers and tickets
are read one by one from their marts, households from their rows per period; squares and products are computed
here.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd

KEYS = ["metric", "period_grain", "period_start", "segment_type", "segment"]

WILSON, ADJUSTED_WALD, T, BOOTSTRAP = "wilson", "adjusted_wald", "t", "bootstrap_households"
# The divisor of the sum over the units, for methods that have units.
PER_UNIT, PER_DAY, TOTAL, PER_DENOMINATOR = "per unit", "per day", "total", "per denominator"


@dataclass(frozen=True)
class Basis:
    """The interval of a metric: its method, its units and the divisor of their sum.

    ``units`` is a query with columns period_grain, period_start, plan_type, region, y, x (numerator and
    denominator of a unit), null where a unit's part is unknown; None where counts are enough.
    """

    method: str
    units: str | None = None
    divisor: str | None = None


def _households(table: str, y: str, x: str = "1", where: str = "true") -> str:
    return (
        f"select period_grain, period_start, plan_type, region, cast({y} as double) as y,"
        f" cast({x} as double) as x from intermediate.{table} where {where}"
    )


_NPS = """
    with voices as (
        select w.period_grain, w.period_start, a.household_id,
            arg_max(a.nps_score, (a.responded_at, a.response_id)) as score
        from analytics.fct_nps_surveys as a
        inner join windows as w on cast(a.responded_at as date) between w.period_start and w.period_end
        where a.nps_score is not null
        group by all
    )
    select f.period_grain, f.period_start, f.plan_type, f.region,
        case when v.score >= 9 then 1.0 when v.score <= 6 then -1.0 else 0.0 end as y, 1.0 as x
    from voices as v
    inner join intermediate.int_metric_surveys as f using (period_grain, period_start, household_id)
"""
_CSAT = """
    select f.period_grain, f.period_start, f.plan_type, f.region, cast(a.csat_score as double) as y, 1.0 as x
    from analytics.fct_csat_responses as a
    inner join windows as w on cast(a.responded_at as date) between w.period_start and w.period_end
    inner join intermediate.int_metric_surveys as f
        on f.period_grain = w.period_grain and f.period_start = w.period_start
        and f.household_id = a.household_id
    where a.csat_score is not null
"""
_TICKETS = """
    select f.period_grain, f.period_start, f.plan_type, f.region,
        epoch({done}) / 3600 - epoch(t.created_at) / 3600 as y, 1.0 as x
    from analytics.fct_support_tickets as t
    inner join windows as w on cast(t.created_at as date) between w.period_start and w.period_end
    {solutions}
    inner join intermediate.int_metric_tickets as f
        on f.period_grain = w.period_grain and f.period_start = w.period_start
        and f.household_id = t.household_id
    where cast({done} as date) <= w.period_end and {counts} and not exists (
        from intermediate.int_tickets_classified as merged
        where merged.ticket_id = t.ticket_id and merged.is_merged and merged.valid_from <= w.period_end
            and (merged.valid_until is null or merged.valid_until > w.period_end)
    )
"""
# A ticket that was solved and reopened by the end of the period is not solved.
_SOLVED = """inner join intermediate.int_ticket_solutions as s
        on s.ticket_id = t.ticket_id
        and (s.reopened_at is null or cast(s.reopened_at as date) > w.period_end)"""

_LOOPS = """
    select f.period_grain, f.period_start, f.plan_type, f.region,
        epoch(l.followed_up_at) / 3600 - epoch(l.opened_at) / 3600 as y, 1.0 as x
    from analytics.fct_feedback_loops as l
    inner join windows as w on cast(l.opened_at as date) between w.period_start and w.period_end
    inner join intermediate.int_metric_loops as f
        on f.period_grain = w.period_grain and f.period_start = w.period_start
        and f.household_id = l.household_id
    where cast(l.followed_up_at as date) <= w.period_end
"""

_ACTIVE = "active_households = 1"
BASES: dict[str, Basis] = {
    **dict.fromkeys(
        [
            "at_risk_share", "critical_share", "csat_response_rate", "detractor_follow_up_rate",
            "feature_adoption_rate", "first_value_7d_rate", "free_to_paid_conversion", "healthy_share",
            "household_churn_rate", "logo_churn_rate", "logo_retention", "nps_response_rate",
            "onboarding_completion_rate", "one_touch_rate", "sla_met_rate", "user_retention_d7",
            "user_retention_d30",
        ],
        Basis(WILSON),
    ),
    "nps": Basis(ADJUSTED_WALD, _NPS, PER_UNIT),
    "csat": Basis(T, _CSAT, PER_UNIT),
    "first_response_hours": Basis(
        T,
        _TICKETS.format(done="t.first_response_at", solutions="", counts="not t.is_agent_opened"),
        PER_UNIT,
    ),
    "resolution_hours": Basis(
        T, _TICKETS.format(done="s.solved_at", solutions=_SOLVED, counts="true"), PER_UNIT
    ),
    "loop_closing_hours": Basis(T, _LOOPS, PER_UNIT),
    "avg_health_score": Basis(
        T, _households("int_metric_health", "health_points", where="scored_customers = 1"), PER_UNIT
    ),
    "mrr": Basis(T, _households("int_metric_ends", "mrr_at_end", where="payers_at_end = 1"), TOTAL),
    "dau": Basis(T, _households("int_metric_activity", "active_member_days", where=_ACTIVE), PER_DAY),
    "wau": Basis(T, _households("int_metric_activity", "active_member_days_7", where=_ACTIVE), PER_DAY),
    "mau": Basis(T, _households("int_metric_activity", "active_member_days_28", where=_ACTIVE), PER_DAY),
    "dau_mau_ratio": Basis(
        T,
        _households("int_metric_activity", "active_member_days", "active_member_days_28", _ACTIVE),
        PER_DENOMINATOR,
    ),
    "expansion_share": Basis(
        BOOTSTRAP, _households("int_metric_ends", "mrr_expansion", "mrr_at_end"), PER_DENOMINATOR
    ),
    **{
        metric: Basis(BOOTSTRAP, _households("int_metric_starts", part, "mrr_at_start"), PER_DENOMINATOR)
        for metric, part in (
            ("gross_revenue_retention", "mrr_kept"),
            ("net_revenue_retention", "mrr_of_payers_at_end"),
            ("revenue_churn_rate", "mrr_lost"),
        )
    },
}  # fmt: skip

_MOMENTS = """
    with windows as (
        select distinct period_grain, period_start, period_end
        from analytics.published_metrics where metric = '{metric}'
    ),
    units as ({units}),
    placed as (
        select period_grain, period_start, y, x,
            unnest(['all', 'plan_type', 'region']) as segment_type,
            unnest(['all', coalesce(plan_type, 'unknown'), coalesce(region, 'unknown')]) as segment
        from units
        semi join windows using (period_grain, period_start)
    )
    select '{metric}' as metric, period_grain, period_start, segment_type, segment,
        coalesce(sum(y), 0) as total_y, coalesce(sum(x), 0) as total_x,
        count(*) filter (known) as units,
        sum(y) filter (known) as y, sum(x) filter (known) as x,
        sum(y * y) filter (known) as yy, sum(y * x) filter (known) as yx, sum(x * x) filter (known) as xx,
        var_samp(y) filter (known) as variance_y, var_samp(x) filter (known) as variance_x,
        covar_samp(y, x) filter (known) as covariance{higher}
    from (select *, y is not null and x is not null as known from placed)
    group by all
"""
# Third and fourth powers, for the skewness of a ratio and for how many units carry its variance.
_POWERS = [(i, power - i) for power in (3, 4) for i in range(power, -1, -1)]
HIGHER = [f"{'y' * i}{'x' * j}" for i, j in _POWERS]


def moments(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Read the moments of the units of every metric that has some, a row per period and segment.

    Columns ``KEYS``, total_y, total_x (sums of all that is known), and of the units of which both parts are
    known: units, y, x (sums), yy, yx, xx (sums of products), variance_y, variance_x, covariance (n - 1), and
    for ratios of money the sums ``HIGHER``.
    """
    found = [connection.sql(_query(metric, basis)).df() for metric, basis in BASES.items() if basis.units]
    return pd.concat(found, ignore_index=True)


def _query(metric: str, basis: Basis) -> str:
    higher = ""
    if basis.method == BOOTSTRAP:
        higher = "".join(f", sum({' * '.join(name)}) filter (known) as {name}" for name in HIGHER)
    return _MOMENTS.format(metric=metric, units=basis.units, higher=higher)
