"""The CSM of each customer: assigned again from the CRM and the published households."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pandas as pd

from customer_success.recount.households.assignments import Customer, Manager, assign
from customer_success.recount.households.journey_rules import JourneyRules

from .held import Held
from .summed import Build

# The CRM's owner of each household: of several companies the one assigned last.
CRM_OWNERS = """
    select household_id,
        max_by(owner_id, (coalesce(assigned_at, timestamp '0001-01-01'), company_id)) as owner_id
    from staging.stg_hubspot__company
    where owner_id is not null and household_id is not null
    group by household_id
"""
STAFF = """
    select owners.owner_id, coalesce(told.role, owners.role) as role,
        coalesce(told.specialization, owners.specialization) as specialization,
        coalesce(told.regions, owners.regions) as regions,
        coalesce(told.portfolio_size, owners.portfolio_size) as portfolio_size
    from (from staging.stg_hubspot__owner where not is_deleted) as owners
    left join staging.stg_cs__csms as told on lower(trim(owners.email)) = told.email
"""


def owners(connection: duckdb.DuckDBPyConnection, build: Build, rules: JourneyRules) -> Iterator[Held]:
    """Return what the assignments must be, and what follows from them; registers them in the connection."""
    customers = connection.execute(
        "select homes.household_id, homes.plan_type, homes.region, homes.mrr, companies.owner_id"
        f" from analytics.dim_households as homes left join ({CRM_OWNERS}) as companies using (household_id)"
        " where homes.is_active"
    ).fetchall()
    managers = [
        Manager(name, role, special, _regions(regions), size)
        for name, role, special, regions, size in connection.execute(STAFF).fetchall()
    ]
    found = assign([Customer(*row) for row in customers], managers, rules, build.rules.plans)
    rows = [(home, plan, region, crm_owner, *found[home]) for home, plan, region, _, crm_owner in customers]
    names = ["household_id", "plan_type", "region", "crm_owner_id", "owner_id", "assignment", "reason"]
    connection.register("recounted_assignments", pd.DataFrame(rows, columns=names, dtype=object))
    yield Held("fct_csm_assignments", ("household_id",), _texts(names))
    yield Held(
        "dim_households",
        ("household_id",),
        "select household_id, owner_id as csm_owner_id from analytics.dim_households"
        f" left join ({_texts(names)}) using (household_id)",
    )
    yield Held(
        "fct_renewals",
        ("household_id", "subscription_id", "renewal_on"),
        "select household_id, subscription_id, renewal_on, owners.owner_id from analytics.fct_renewals"
        f" left join ({_texts(names)}) as owners using (household_id)",
    )
    yield _portfolio(build, _texts(names))


def _regions(listed: str | list[str] | None) -> list[str]:
    """Return the regions of somebody, which arrive as a list or with commas."""
    return listed if isinstance(listed, list) else (listed or "").split(",")


def _texts(names: list[str]) -> str:
    """Return a query of the assignments; a company without customers has no type to tell."""
    return f"select {', '.join(f'{name}::varchar as {name}' for name in names)} from recounted_assignments"


def _portfolio(build: Build, assignments: str) -> Held:
    """Sum up the customers of each owner of the CRM."""
    today = f"date '{build.as_of}'"
    days = build.rules.whole("portfolio_renewal_days")
    answered = build.has("survey.response") or build.has("cs.reviews")
    no_more = f"(renewal_on > {today} and renewal_on <= {today} + {days} and status = 'ahead')"
    return Held(
        "rpt_csm_portfolio",
        ("owner_id",),
        f"""
        with engaged as (
            select household_id, engagement_level, engagement_score from analytics.fct_customer_engagement
            where is_complete and month_start = (
                select max(month_start) from analytics.fct_customer_engagement where is_complete)
        ),
        renewing as (
            select household_id, count(*) as renewals, sum(mrr) as renewal_mrr, count(mrr) as known
            from analytics.fct_renewals where {no_more} group by household_id
        ),
        looked_after as (
            select owner_id, homes.mrr, health.health_score, health.daily_status, stage_today,
                engagement_level, engaged.engagement_score, renewals, renewal_mrr, known, overdue
            from ({assignments})
            join analytics.dim_households as homes using (household_id)
            left join (from analytics.fct_customer_health where is_current) as health using (household_id)
            left join (from analytics.fct_lifecycle_stages where is_current) using (household_id)
            left join engaged using (household_id)
            left join renewing using (household_id)
            left join (select household_id, count(*) as overdue from analytics.fct_feedback_loops
                where status = 'overdue' group by household_id) using (household_id)
        )
        select owners.owner_id, count(looked_after.owner_id) as customers, portfolio_size,
            customers / nullif(portfolio_size, 0) as utilization,
            if(count(mrr) = customers, coalesce(sum(mrr), 0), null) as mrr,
            avg(health_score) as avg_health_score,
            count(*) filter (where stage_today = 'at_risk') as at_risk,
            count(*) filter (where daily_status = 'critical') as critical,
            count(*) filter (where engagement_level = 'high') as engagement_high,
            count(*) filter (where engagement_level = 'medium') as engagement_medium,
            count(*) filter (where engagement_level = 'low') as engagement_low,
            customers - engagement_high - engagement_medium - engagement_low as engagement_unknown,
            avg(engagement_score) as avg_engagement_score,
            count(renewals) as renewals_90d,
            if(coalesce(sum(known), 0) = coalesce(sum(renewals), 0), coalesce(sum(renewal_mrr), 0), null)
                as renewal_mrr_90d,
            {"coalesce(sum(overdue), 0)::bigint" if answered else "null"} as overdue_follow_ups
        from ({STAFF}) as owners left join looked_after using (owner_id)
        group by owners.owner_id, portfolio_size
        """,
    )
