"""Search of one household: where it stands, what holds it there, what is open for it."""

from __future__ import annotations

import json

import duckdb

from customer_success.pages import Lookup, Panel, Section, rows_of
from customer_success.pages.words import money, percent, spoken

from .facts import Facts

COLUMNS = (
    "household",
    "plan",
    "manager",
    "journey",
    "lifecycle",
    "next stage",
    "blockers",
    "engagement",
    "open loops",
    "open opportunities",
)
HOUSEHOLDS = """
with journey as (
    select household_id, stage_today as journey, entered_on as journey_since
    from analytics.fct_journey_stages where is_current
),
lifecycle as (
    select household_id, stage_today as lifecycle, entered_on as lifecycle_since, next_stage, stage_progress,
        blockers
    from analytics.fct_lifecycle_stages where is_current
),
engaged as (
    select household_id, engagement_level, engagement_score, month_start as engagement_month,
        true as has_engagement
    from analytics.fct_customer_engagement
    where month_start = (
        select max(month_start) from analytics.fct_customer_engagement where is_complete
    )
),
loops as (
    select household_id, list({kind: kind, origin: origin, status: status, due: cast(due_at as date)}
        order by due_at, loop_id) as loops
    from analytics.fct_feedback_loops where status in ('open', 'overdue') group by household_id
),
opportunities as (
    select customer_id as household_id, list({type: opportunity_type, since: identified_at,
        value: cast(estimated_value as double)} order by identified_at, opportunity_type) as opportunities
    from analytics.expansion_opportunities where status = 'open' group by customer_id
),
assigned as (
    select household_id, plan_type, owner_id, true as is_assigned from analytics.fct_csm_assignments
)
select * from journey
full join lifecycle using (household_id)
left join engaged using (household_id)
left join loops using (household_id)
left join opportunities using (household_id)
left join assigned using (household_id)
order by household_id
"""


def households(connection: duckdb.DuckDBPyConnection, _: Facts) -> Section:
    """A field to type an id into, over one row per household."""
    title = "Look up a household"
    rows = rows_of(connection, HOUSEHOLDS)
    if not rows:
        return Section(title, "", [Panel("No household is in a stage yet.")])
    lookup = Lookup("Id of a household, or a part of it", COLUMNS, [_row(row) for row in rows])
    reading = (
        "Stages are those of today. A blocker is a condition of the next stage that does not hold, with its"
        " value and its threshold. The list holds ids, codes and numbers, no names."
    )
    return Section(title, f"{len(rows):,} households.", [Panel("", lookup=lookup)], reading)


def _row(row: dict) -> list[str]:
    return [
        row["household_id"],
        (row["plan_type"] or "unknown") if row["is_assigned"] else "no customer now",
        (row["owner_id"] or "nobody") if row["is_assigned"] else "nobody",
        _stage(row["journey"], row["journey_since"]),
        _stage(row["lifecycle"], row["lifecycle_since"]),
        _next_stage(row),
        _blockers(row["blockers"]),
        _engagement(row),
        "; ".join(map(_loop, row["loops"] or [])) or "none",
        "; ".join(map(_opportunity, row["opportunities"] or [])) or "none",
    ]


def _stage(stage: str | None, since: object) -> str:
    if stage is None:
        return "unknown"
    return f"{spoken(stage)}, spell since {since or 'an unknown day'}"


def _next_stage(row: dict) -> str:
    if row["next_stage"] is None:
        return "none"
    if row["stage_progress"] is None:
        return spoken(row["next_stage"])
    return f"{spoken(row['next_stage'])}, {percent(row['stage_progress'])} of its conditions hold"


def _blockers(written: str | None) -> str:
    """The JSON list of the table in words."""
    words = [
        f"{spoken(one['condition'])} {_number(one['value'])} (threshold {_number(one['threshold'])})"
        for one in json.loads(written or "[]")
    ]
    return "; ".join(words) or "none"


def _number(value: object) -> str:
    return "unknown" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)


def _engagement(row: dict) -> str:
    if not row["has_engagement"]:
        return "none: no customer in the last complete month"
    if row["engagement_score"] is None:
        return f"unknown in {row['engagement_month']:%Y-%m}"
    return f"{row['engagement_level']}, {row['engagement_score']} of 100 in {row['engagement_month']:%Y-%m}"


def _loop(loop: dict) -> str:
    return f"{loop['kind']} after {loop['origin']}, {loop['status']}, due {loop['due']}"


def _opportunity(one: dict) -> str:
    value = "value unknown" if one["value"] is None else f"{money(one['value'])} a month"
    return f"{spoken(one['type'])} since {one['since']}, {value}"
