"""The reports on churn, counted again from proved marts over all rows.

Intervals of shares are Wilson's by ``second_methods``; that of a difference is Newcombe's of those (1998,
method 10).
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pandas as pd

from customer_success.recount.second_methods import wilson

from .held import Held
from .summed import Build, last_sunday

TICKET_DAYS = 90  # a bucket counts the tickets of so many days


def reports(connection: duckdb.DuckDBPyConnection, build: Build) -> Iterator[Held]:
    """Return what each report must have; registers a relation per report with intervals in the connection."""
    yield _registered(
        connection, "rpt_churn_by_ticket_volume", ["ticket_bucket"], _volumes(connection, build)
    )
    yield leavers(build)
    key = ["customer_type", "feature_name"]
    yield _registered(connection, "rpt_premium_feature_gap", key, _gap(connection, build))


def _registered(connection: duckdb.DuckDBPyConnection, mart: str, key: list[str], rows: pd.DataFrame) -> Held:
    connection.register(f"recounted_{mart}", rows)
    return Held(mart, tuple(key), f"from recounted_{mart}")


def _known(count: str, table: str, build: Build) -> str:
    """Return SQL for a count that is unknown where its raw table is absent."""
    return f"if({build.has(table)}, {count}, null)"


def shares(rows: pd.DataFrame, part: str, whole: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return share, lower and upper end per row; NaN for an empty whole or an unknown part."""
    share, low, high = (np.full(len(rows), np.nan) for _ in range(3))
    some = (rows[whole] > 0).to_numpy() & rows[part].notna().to_numpy()
    k, n = (rows.loc[some, name].to_numpy().astype("int64") for name in (part, whole))
    share[some] = k / n
    if some.any():
        low[some], high[some] = wilson(k, n)
    return share, low, high


def _volumes(connection: duckdb.DuckDBPyConnection, build: Build) -> pd.DataFrame:
    """Customers of the studied Sunday by their tickets before it; churned in the days after it."""
    days = build.rules.ticket_study_days
    sunday = last_sunday(f"(date '{build.as_of}' - {days})")
    rows = connection.execute(
        f"""
        with customers as (
            select
                household_id, {sunday} as score_date,
                (select {_known("count(*)", "zendesk.ticket", build)}
                    from intermediate.int_ticket_periods as tickets
                    where tickets.household_id = health.household_id and not is_merged
                        and {sunday} >= valid_from and {sunday} < coalesce(valid_until, 'infinity')
                        and created_date between {sunday} - {TICKET_DAYS - 1} and {sunday}) as tickets,
                exists (from analytics.fct_churn_events as spells
                    where spells.household_id = health.household_id
                        and churned_at > {sunday} and churned_at <= {sunday} + {days}) as has_churned
            from analytics.fct_customer_health as health where score_date = {sunday}
        ),
        answers as (
            select household_id, csat_score from analytics.fct_csat_responses
            where responded_at::date between {sunday} - {days - 1} and {sunday} and csat_score is not null
        )
        select
            ticket_bucket, min_tickets, max(score_date) as score_date,
            count(distinct household_id) as total_customers,
            count(distinct household_id) filter (where has_churned) as churned_customers,
            count(csat_score) as csat_answers, avg(csat_score) as avg_csat
        from rules.ticket_buckets
        left join customers on tickets between min_tickets and coalesce(max_tickets, tickets)
        left join answers using (household_id)
        group by ticket_bucket, min_tickets
        """
    ).df()
    share, low, high = shares(rows, "churned_customers", "total_customers")
    return rows.assign(churn_rate=share, ci_low=low, ci_high=high)


def leavers(build: Build) -> Held:
    """The households that fell from Premium to Free and have been watched long enough since."""
    return Held(
        "rpt_premium_feature_gap",
        ("household_id",),
        "select household_id, max(changed_at) as studied_date, 'downgraded' as customer_type"
        " from analytics.fct_subscription_changes where change_type = 'Premium_to_Free'"
        f" and changed_at + {build.rules.premium_study_days} <= date '{build.as_of}' group by household_id",
        shown="(from intermediate.int_premium_leavers where customer_type = 'downgraded')",
    )


def _gap(connection: duckdb.DuckDBPyConnection, build: Build) -> pd.DataFrame:
    """Use of each premium feature before the studied day, by those who left Premium and those who stayed."""
    days, silent = build.rules.premium_study_days, build.rules.silent_days
    rows = connection.execute(
        f"""
        with homes as (
            select *, studied_date + {days + silent} <= date '{build.as_of}' as is_known,
                exists (from analytics.fct_churn_events as spells
                    where spells.household_id = studied.household_id and churned_at > studied_date
                        and left_at <= studied_date + {days}) as has_left
            from intermediate.int_premium_leavers as studied
        ),
        uses as (
            select household_id, feature_name, count(*) as uses from homes
            join analytics.fct_feature_usage using (household_id)
            where used_date >= studied_date - {days} and used_date < studied_date group by all
        )
        select
            customer_type, feature_name, count(household_id) as n,
            {_known("count(uses)", "product.events", build)} as customers_using,
            {_known("coalesce(sum(uses), 0)", "product.events", build)} * 30.0 / {days}
                / nullif(count(household_id), 0) as uses_per_month,
            count(*) filter (where is_known) as departures_known,
            count(*) filter (where is_known and has_left) as departed
        from (select feature_name from rules.features where tier = 'premium')
        cross join (select unnest(['downgraded', 'stayed']) as customer_type)
        left join homes using (customer_type)
        left join uses using (household_id, feature_name)
        group by all order by feature_name, customer_type
        """
    ).df()
    share, low, high = shares(rows, "customers_using", "n")
    down, stay = (rows["customer_type"] == name for name in ("downgraded", "stayed"))
    difference = share[down] - share[stay]
    below = np.hypot(share[down] - low[down], high[stay] - share[stay])
    above = np.hypot(high[down] - share[down], share[stay] - low[stay])
    twice = {"difference": difference, "ci_low": difference - below, "ci_high": difference + above}
    rows = rows.assign(
        share_using=share, departed_share=rows["departed"] / rows["departures_known"].replace(0, np.nan)
    )
    return rows.assign(**{name: np.repeat(values, 2) for name, values in twice.items()})
