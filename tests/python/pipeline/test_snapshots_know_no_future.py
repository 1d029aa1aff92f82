"""The classifier's features of a day do not change with later events.

The future of all households is made up: the same company is built twice as of the same day, the second time
with a month full of events, tickets, payments, answers, changes and departures after a snapshot date.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import duckdb
import pytest
from harness import RawFolder, Sandbox

DAY = date(2026, 3, 29)  # a snapshot date
NEXT = DAY + timedelta(days=28)  # the following one: all made-up rows are between the two
LOOKS_AHEAD = ("days_to_left", "churned_next_30d")
# Features that this future must change, once it is past.
MOVED = {
    "plan_type",
    "payment_status",
    "task_completion_trend",
    "login_frequency_trend",
    "session_duration_trend",
    "active_members_ratio",
    "new_features_adopted_90d",
    "has_unresolved_critical_ticket",
    "tickets_30d",
    "tickets_90d",
    "csat_90d",
    "sentiment_90d",
    "days_since_last_activity",
    "days_since_last_login",
    "peak_hour_usage",
    "failed_charges_90d",
    "email_open_rate_90d",
    "mrr",
    "members",
    "pets",
    "latest_nps",
    "product_usage_score",
    "feature_adoption_score",
    "support_health_score",
    "payment_score",
    "health_change_28d",
    "churn_risk_score",
}


def after(days: int, hour: int = 19, minute: int = 0) -> datetime:
    """So many days after the snapshot date; no session of its evening goes on until then."""
    return datetime.combine(DAY + timedelta(days=days), time(hour, minute))


def households(raw: RawFolder) -> list[dict]:
    """Those who had signed up."""
    return raw.select(f"""
        select id as household_id from app.households where created_at < date '{DAY}' order by id
    """)


def things_done(raw: RawFolder) -> None:
    """All are very active, with features they had never used; some ask to cancel."""
    members = raw.select(f"""
        select household_id, user_id from app.household_members
        where joined_at < date '{DAY}' and left_at is null order by id
    """)
    steps = [("task_completion", None), ("feature_used", "calendar_sync"), ("photo_upload", None)]
    steps += [("feature_used", "custom_templates"), ("app_open", None), ("cancellation_requested", None)]
    raw.add(
        "product.events",
        [
            member
            | {"event_id": f"made_{number}_{day}_{step}", "event_name": name, "feature_name": feature}
            | {"occurred_at": after(day, minute=10 * step), "received_at": after(day, minute=10 * step)}
            for number, member in enumerate(members)
            for day in (2, 9, 16, 23, 27)
            for step, (name, feature) in enumerate(steps)
        ],
    )


def tickets(raw: RawFolder) -> None:
    """Open tickets are solved, or turn critical; all households write a critical, angry one."""
    open_ones = raw.select(f"""
        select id as ticket_id, requester_id from zendesk.ticket
        where created_at < date '{DAY}' + 1 order by id
    """)
    people = raw.select("""
        select organization_id, min(id) as requester_id from zendesk.user
        where organization_id is not null group by all order by all
    """)
    critical = "bug urgency_high impact_high competitor_other escalated"
    history, new, comments = [], [], []
    for number, ticket in enumerate(open_ones):
        field, value = ("status", "solved") if number % 2 else ("tags", critical)
        change = {"field_name": field, "value": value, "updated": after(2)}
        history.append({"ticket_id": ticket["ticket_id"]} | change)
    for number, person in enumerate(people):
        name = f"made_{number}"
        new.append(person | {"id": name, "status": "open", "created_at": after(3), "updated_at": after(3)})
        history += [
            {"ticket_id": name, "field_name": field, "value": value, "updated": after(3)}
            for field, value in (("status", "open"), ("tags", critical))
        ]
        words = {"body": "This is terrible, I hate it. The worst app.", "public": True}
        comment = {"id": f"made_{number}", "ticket_id": name, "user_id": person["requester_id"]}
        comments.append(comment | words | {"created": after(4)})
    raw.add("zendesk.ticket", new)
    raw.add("zendesk.ticket_field_history", history)
    raw.add("zendesk.ticket_comment", comments)


def money(raw: RawFolder) -> None:
    """Every subscription ends, and a charge fails."""
    versions = raw.select(f"""
        select * from stripe.subscription_history where _fivetran_start < date '{DAY}' + 1
        qualify row_number() over (partition by id order by _fivetran_start desc) = 1 order by id
    """)
    ended = {"status": "canceled", "ended_at": after(5), "canceled_at": after(5)}
    ended |= {"_fivetran_start": after(5), "_fivetran_end": None}
    raw.add("stripe.subscription_history", [version | ended for version in versions])
    customers = raw.select("select id as customer_id from stripe.customer order by id")
    failed = {"amount": 999, "currency": "usd", "status": "failed", "created": after(4)}
    raw.add(
        "stripe.charge",
        [customer | failed | {"id": f"made_{number}"} for number, customer in enumerate(customers)],
    )


def answers(raw: RawFolder) -> None:
    """All are detractors; every earlier ticket gets the lowest mark."""
    homes = raw.select(
        f"select id as household_id from app.households where created_at < date '{DAY}' order by id"
    )
    nps = [
        home | {"id": f"made_nps_{number}", "survey_type": "NPS", "score": number % 3, "comment": "I hate it"}
        for number, home in enumerate(homes)
    ]
    asked = raw.select(f"""
        select t.id as ticket_id, o.external_id as household_id
        from zendesk.ticket as t inner join zendesk.organization as o on t.organization_id = o.id
        where t.created_at < date '{DAY}' + 1 order by t.id
    """)
    csat = [
        ticket | {"id": f"made_csat_{number}", "survey_type": "CSAT", "score": 1}
        for number, ticket in enumerate(asked)
    ]
    raw.add("survey.response", [row | {"responded_at": after(6)} for row in nps + csat])


def relations(raw: RawFolder) -> None:
    """Earlier mails are opened, contacts leave, the team calls."""
    sent = raw.select(f"""
        select * from hubspot.engagement
        where type = 'email' and event = 'sent' and occurred_at < date '{DAY}' + 1 order by id
    """)
    opened = {"event": "opened", "occurred_at": after(2)}
    raw.add("hubspot.engagement", [row | opened | {"id": f"made_{row['id']}"} for row in sent])
    leave(raw, "hubspot.contact", "left_at", 3)
    homes = raw.select("select distinct household_id from cs.check_ins order by all")
    raw.add(
        "cs.check_ins",
        [home | {"id": f"made_{number}", "check_in_at": after(2)} for number, home in enumerate(homes)],
    )


def leave(raw: RawFolder, table: str, column: str, days: int, where: str = "true") -> None:
    """Set a date after the snapshot on rows that have none by then."""
    created = {"app.pets": "added_at", "app.household_members": "joined_at"}.get(table, "created_at")
    open_then = f"({column} is null or {column} > timestamp '{after(days)}') and {created} < date '{DAY}' + 1"
    value = f"case when {open_then} and {where} then timestamp '{after(days)}' else {column} end"
    raw.change(table, f"select * replace ({value} as {column}) from rows")


def household(raw: RawFolder) -> None:
    """Pets, members and tasks go, settings are switched, some accounts are closed."""
    leave(raw, "app.tasks", "deleted_at", 2, "hash(id) % 3 = 0")
    leave(raw, "app.pets", "removed_at", 4, "hash(id) % 2 = 0")
    leave(raw, "app.household_members", "left_at", 28, "role <> 'owner'")
    leave(raw, "app.households", "closed_at", 26, "hash(id) % 20 = 0")
    homes = raw.select(
        f"select id as household_id from app.households where created_at < date '{DAY}' order by id"
    )
    names = ("recurring_tasks", "reminders", "calendar_sync", "notifications")
    switched = {"is_enabled": False, "changed_at": after(3)}
    raw.add(
        "app.feature_settings",
        [
            home | switched | {"id": f"made_{number}_{name}", "feature_name": name}
            for number, home in enumerate(homes)
            for name in names
        ],
    )


@pytest.fixture(scope="module")
def shifted(project, small_raw, tmp_path_factory, builds) -> Sandbox:
    """The same company with another future, built only to the snapshots."""
    builds.ahead("warehouse")
    base = tmp_path_factory.mktemp("shifted")
    raw = RawFolder.copy_of(small_raw, base / "raw")
    for change in (things_done, tickets, money, answers, relations, household):
        change(raw)
    return Sandbox(project, base / "sandbox", raw.folder).build(select="+int_churn_snapshots")


@pytest.fixture(scope="module")
def connection(warehouse, shifted):
    """Both builds side by side."""
    with duckdb.connect() as connection:
        for name, sandbox in (("unshifted", warehouse), ("shifted", shifted)):
            connection.execute(f"attach '{sandbox.database}' as {name} (read_only)")
        yield connection


def moved(
    connection: duckdb.DuckDBPyConnection,
    when: str,
    table: str = "int_churn_snapshots",
    day: str = "snapshot_date",
) -> dict[str, int]:
    """Count by column the rows that are in both builds and differ."""
    columns = connection.execute(f"describe unshifted.intermediate.{table}").fetchall()
    counts = {
        name: connection.execute(f"""
            select count(*)
            from unshifted.intermediate.{table} as t
            inner join shifted.intermediate.{table} as s using (household_id, {day})
            where t."{name}" is distinct from s."{name}" and {when}
        """).fetchone()[0]
        for name, *_ in columns
    }
    return {name: count for name, count in counts.items() if count}


def test_no_feature_of_the_past_moves(connection):
    then = f"snapshot_date <= date '{DAY}'"
    found = moved(connection, then)
    assert {name: count for name, count in found.items() if name not in LOOKS_AHEAD} == {}


def test_nothing_that_rules_compare_moves(connection):
    """The same of the metrics behind risk and signals, on every Sunday until then."""
    metrics = ("int_churn_metrics", "score_date")
    assert moved(connection, f"score_date <= date '{DAY}'", *metrics) == {}
    late = moved(connection, f"score_date = date '{NEXT}'", *metrics)
    assert late.keys() >= {"champions_left_90", "competitor_tickets_90", "cancellations_30", "downgrades_60"}


def test_no_snapshot_of_the_past_comes_or_goes(connection):
    keys = [
        connection.execute(f"""
            select household_id, snapshot_date from {side}.intermediate.int_churn_snapshots
            where snapshot_date <= date '{DAY}' order by all
        """).fetchall()
        for side in ("unshifted", "shifted")
    ]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 500
    assert max(day for _, day in keys[0]) == DAY


def test_the_future_does_move_the_features_of_the_next_snapshot(connection):
    """The comparison can fail: a month later all of this is past."""
    found = moved(connection, f"snapshot_date = date '{NEXT}'")
    assert set() == MOVED - found.keys()


def test_only_what_looks_ahead_sees_the_departures(connection):
    """Labels may know of accounts that are closed after the day."""
    assert moved(connection, f"snapshot_date = date '{DAY}'").keys() == set(LOOKS_AHEAD)
