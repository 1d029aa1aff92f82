"""Values that follow from proved marts and the rules: trends, drivers, alerts, segments, reports.

Each function returns what a mart must have, as SQL over all rows. Windows and formulas are definitions, so
they are stated here a second time; rules are read from the vars and seeds by `Rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from customer_success.recount.additions import column_of
from customer_success.recount.households.loading import with_needed
from customer_success.recount.households.rules import Rules

from .held import Held

PROFILE = (
    *("usage_intensity", "collaboration_level", "feature_sophistication", "lifecycle_stage"),
    *("value_perception", "support_dependency"),
)


@dataclass(frozen=True)
class Build:
    """What the expected rows depend on besides the tables.

    ``run`` is dbt's invocation id; ``absent`` are raw tables (source.table) that the company does not have.
    """

    as_of: date
    rules: Rules
    run: str
    absent: frozenset[str]

    def has(self, *tables: str) -> bool:
        """Return whether the company has all of these raw tables, and what their facts need."""
        return self.absent.isdisjoint(with_needed(tables))


def summed(build: Build) -> Iterator[Held]:
    """Return what each mart of this module must have."""
    yield from health_trends(build)
    yield from drivers(build)
    yield health_alerts(build)
    yield micro_segments()
    yield first_health(build)
    yield portfolios()
    yield calendar(build)
    yield from metric_values(build)
    yield payments(build)
    yield Held(
        "fct_claim_verdicts",
        ("claim_id",),
        f"select claim_id, date '{build.as_of}' as as_of_date from intermediate.int_claim_verdicts",
    )


def payments(build: Build) -> Held:
    """Charges less refunds: one unknown refund makes the sum unknown, and so does an absent table of them."""
    of_none = "0" if build.has("stripe.refund") else "null"
    return Held(
        "fct_payments",
        ("charge_id",),
        "with refunded as (select charge_id, if(bool_or(amount is null), null, sum(amount)) as refunds"
        " from staging.stg_stripe__refund where status = 'succeeded' group by charge_id),"
        f" paired as (select charges.*, if(refunded.charge_id is null, {of_none}, refunds) as refunds"
        " from staging.stg_stripe__charge as charges left join refunded using (charge_id))"
        " select charge_id, household_id, invoice_id, amount, refunds as amount_refunded,"
        " if(status = 'succeeded', amount - refunds, 0) as net_amount, currency, status,"
        " status = 'failed' as payment_failed, failure_code, created_at as charged_at,"
        " created_at::date as payment_date from paired",
    )


def last_sunday(day: str) -> str:
    """Return SQL for the latest Sunday on or before a date."""
    return f"({day} - dayofweek({day})::integer)"


def health_trends(build: Build) -> Iterator[Held]:
    """The direction of the B2B score, where its earlier date is published; and the moment of the old name."""
    health = build.rules.health
    change = "today.overall_score - past.overall_score"
    earlier = last_sunday(f"(today.score_date - {health.trend_days})")
    scores = "(from analytics.fct_health_scores where health_model = 'retention_b2b')"
    begins = f"{earlier} >= (select min(score_date) from analytics.fct_health_scores)"
    yield Held(
        "fct_retention_health",
        ("household_id", "score_date"),
        "select today.household_id, today.score_date,"
        f" case when {change} > {health.trend_points} then 'improving'"
        f" when {change} < -{health.trend_points} then 'declining'"
        f" when {change} is not null then 'stable' end as health_trend"
        f" from {scores} as today left join {scores} as past"
        f" on past.household_id = today.household_id and past.score_date = {earlier} where {begins}",
        where=begins.replace("today.", ""),
    )
    yield Held(
        "customer_health_scores",
        ("customer_id", "score_date"),
        "select household_id as customer_id, score_date,"
        f" date '{build.as_of}' + interval 1 day as calculated_at from analytics.fct_retention_health",
    )


def drivers(build: Build) -> Iterator[Held]:
    """Points lost and moved per part of the primary score, and their order."""
    health = build.rules.health
    today = f"date '{build.as_of}'"
    past = last_sunday(f"({today} - {health.trend_days})")
    primary = f"from analytics.fct_health_scores where health_model = '{health.primary}'"
    parts = " union all ".join(
        f"select household_id, '{part}' as part, {float(weight)}::decimal(9, 6) as weight,"
        f" today.{column_of(part)} as score, today.{column_of(part)} - past.{column_of(part)} as change_28d"
        f" from ({primary} and score_date = {today}) as today"
        f" left join ({primary} and score_date = {past}) as past using (household_id)"
        for part, weight in health.weights[health.primary].items()
    )
    yield Held(
        "fct_health_drivers",
        ("household_id", "part"),
        f"select household_id, part, '{health.primary}' as health_model, weight, score,"
        " weight * (100 - score) as points_lost, change_28d, if(score is null, null, weight * change_28d"
        " / sum(if(score is null, null, weight)) over (partition by household_id)) as points_moved"
        f" from ({parts})",
    )
    yield Held(
        "fct_health_drivers",
        ("household_id", "driver_rank"),
        "select household_id, points_lost, row_number() over (partition by household_id"
        " order by points_lost desc nulls last) as driver_rank from analytics.fct_health_drivers",
    )


def health_alerts(build: Build) -> Held:
    """Falls of the score and of the grade against the Sunday before, where that Sunday is published."""
    health = build.rules.health
    grades = ", ".join(f"'{grade}'" for grade in sorted(health.risk_grades))
    since = "score_date > (select min(score_date) from analytics.fct_customer_health)"
    return Held(
        "fct_health_alerts",
        ("household_id", "score_date", "alert"),
        "with compared as (select today.household_id, today.score_date, today.health_score,"
        " past.health_score as previous_score, today.health_grade, past.health_grade as previous_grade"
        " from analytics.fct_customer_health as today join analytics.fct_customer_health as past"
        " on past.household_id = today.household_id"
        f" and past.score_date = {last_sunday('(today.score_date - 1)')}),"
        " alerts as (select *, 'health_score_drop' as alert, 'high' as severity from compared"
        f" where previous_score - health_score > {health.drop_points}"
        " union all select *, 'customer_at_risk', 'critical' from compared"
        f" where health_grade in ({grades}) and previous_grade not in ({grades}))"
        f" select * from alerts where {since}",
        where=since,
    )


def micro_segments() -> Held:
    """Customers by combination of levels."""
    listed = ", ".join(PROFILE)
    return Held(
        "rpt_micro_segments",
        (*PROFILE, "recommended_action"),
        f"select {listed}, recommended_action, md5([{listed}]::varchar) as micro_segment_id,"
        " count(*) as customer_count, 100.0 * count(*) / sum(count(*)) over () as pct_of_total,"
        " avg(churn_probability) as avg_churn_probability from analytics.fct_customer_profiles group by all",
    )


def first_health(build: Build) -> Held:
    """The mean primary score of the Sundays of the first days, for sign-ups of the published history."""
    rules, days = build.rules, build.rules.first_health_days
    return Held(
        "dim_households",
        ("household_id",),
        "select household_id, (select avg(overall_score) from analytics.fct_health_scores as scores"
        f" where scores.household_id = homes.household_id and health_model = '{rules.health.primary}'"
        f" and score_date < signup_date + {days} and dayofweek(score_date) = 0"
        f" and signup_date + {days} - 1 <= date '{build.as_of}' and signup_date > (select min(score_date) - 7"
        " from intermediate.int_score_dates"
        f" where score_date > date '{build.as_of}' - {7 * rules.health.history_weeks}))"
        " as avg_health_score_first_90d from intermediate.int_household_signups as homes",
    )


def portfolios() -> Held:
    """The customers whom each CSM looks after."""
    return Held(
        "dim_csms",
        ("owner_id",),
        "select owner_id, count(household_id) as current_portfolio"
        " from (from staging.stg_hubspot__owner where not is_deleted)"
        " left join analytics.fct_csm_assignments using (owner_id) group by owner_id",
    )


def calendar(build: Build) -> Held:
    """Every day from the first to as_of_date; scores are of Sundays and of as_of_date."""
    today = f"date '{build.as_of}'"
    history = f"{today} - {7 * build.rules.health.history_weeks}"
    begins = ", ".join(
        f"(select min({day})::date from {table})"
        for day, table in (
            ("signup_date", "intermediate.int_household_signups"),
            ("event_date", "staging.stg_product__events"),
            ("valid_from", "intermediate.int_subscription_periods where household_id is not null"),
        )
    )
    return Held(
        "dim_dates",
        ("date_day",),
        "select date_day, date_day - (isodow(date_day) - 1)::integer as week_start,"
        " date_day - (isodow(date_day) - 7)::integer as week_end,"
        " make_date(year(date_day), month(date_day), 1) as month_start,"
        " make_date(year(date_day), 3 * quarter(date_day) - 2, 1) as quarter_start,"
        f" date_day = {today} or (dayofweek(date_day) = 0 and date_day > {history}) as is_score_date"
        f" from (select unnest(range(least({begins}, {today}), {today} + 1, interval 1 day))::date"
        " as date_day)",
    )


def metric_values(build: Build) -> Iterator[Held]:
    """The end of each period, and the run that computed the values."""
    key = "metric, period_grain, period_start, segment_type, segment"
    yield Held(
        "fct_metric_values",
        tuple(key.split(", ")),
        f"select {key}, date '{build.as_of}' as as_of_date, '{build.run}' as invocation_id,"
        " case period_grain when 'week' then period_start + 6"
        " when 'month' then last_day(period_start) when 'quarter' then"
        " (period_start + interval 3 month)::date - 1 else period_start"
        " + split_part(period_grain, '_', 2)::integer - 1 end as period_end"
        " from analytics.fct_metric_values",
    )
