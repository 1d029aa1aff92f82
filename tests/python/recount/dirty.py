"""A small company whose raw tables hold every defect at once, as it is on one day and on a later one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recount.raw_tables import write_csv, write_parquet

FIRST, SECOND = date(2026, 3, 30), date(2026, 4, 2)
EARLY, LATER = datetime(2026, 3, 1, 12), datetime(2026, 4, 1)
LAST = datetime(2026, 4, 3)


def write_dirty(folder: Path, *, later: bool) -> Path:
    """Write the raw tables: ``later`` has lost a household and has received more events.

    ``gone`` held and is erased; ``broken`` was in quarantine and is erased; ``new`` signs up in between.
    """
    _app(folder, later)
    _events(folder, later)
    _billing(folder)
    _desk(folder)
    survey = {"household_id": "h1", "survey_type": "NPS", "responded_at": EARLY}
    scores = {"zero": 0, "null": None, "eleven": 11, "half": 4.5, "nan": float("nan"), "large": 1e12}
    rows = [{"id": name, "score": score, **survey} for name, score in scores.items()]
    rows += [{**row, "id": f"exit_{row['id']}", "survey_type": "Exit"} for row in rows]
    rows.append({**rows[0], "score": 10})
    write_parquet(folder, "survey.response", [{**row, "comment": '=1 "two"\nlines'} for row in rows])
    companies = [
        {"id": "c1", "household_id": "h1", "owner_id": "o", "assigned_at": None},
        {"id": "c2", "household_id": "h2", "owner_id": "o", "assigned_at": LATER},
        {"id": "c3", "household_id": "new", "owner_id": "o", "_fivetran_synced": EARLY},
        {"id": "c3", "household_id": "h2", "owner_id": "o", "_fivetran_synced": LATER},
    ]
    write_parquet(folder, "hubspot.company", companies)
    _landed(folder)
    return folder


def _landed(folder: Path) -> None:
    """What connectors do: load twice, delete, mark as a test, write moments and words in their own way."""
    load = {"_fivetran_synced": EARLY}
    again = {"_fivetran_synced": LATER}
    pet = {"household_id": "h1", "added_at": EARLY, "_fivetran_deleted": False, **load}
    pets = [
        {**pet, "id": "twice", "name": "first"},
        {**pet, "id": "twice", "name": "last", **again},
        {**pet, "id": "tied", "name": "a"},
        {**pet, "id": "tied", "name": "b"},
        {**pet, "id": "shared", "name": "of h1"},
        {**pet, "id": "shared", "name": "of h2", "household_id": "h2"},
        {**pet, "id": "shared", "name": "of h2 too", "household_id": "h2", **again},
        {**pet, "id": "linked_later", "household_id": None},
        {**pet, "id": "linked_later", **again},
        {**pet, "id": "deleted", "_fivetran_deleted": True},
        {**pet, "id": "deleted_then", **load},
        {**pet, "id": "deleted_then", "_fivetran_deleted": True, **again},
        {**pet, "id": "back", "_fivetran_deleted": True},
        {**pet, "id": "back", **again},
        {**pet, "id": "of_deleted_home", "household_id": "dropped"},
    ]
    write_parquet(folder, "app.pets", pets, _fivetran_deleted=pa.bool_())
    sent = ("1772366400", "1772366400000", "2026-03-01 13:00:00 Europe/Berlin", "2026-03-01 14:00:00 +0200")
    kinds = (" nps", "Csat ", "EXIT", "Poll")
    invitations = [
        {"id": f"i{number}", "household_id": "h1", "survey_type": kind, "sent_at": moment}
        for number, (kind, moment) in enumerate(zip(kinds, sent, strict=True))
    ]
    write_csv(folder, "survey.invitation", invitations)
    owners = [
        {"id": 12.0, "full_name": "Ann", "is_deleted": True, "portfolio_size": 10.0},
        {"id": 13.0, "full_name": "Ben", "is_deleted": None, "portfolio_size": 10.5},
    ]
    numbers = {"id": pa.float64(), "portfolio_size": pa.float64(), "is_deleted": pa.bool_()}
    write_parquet(folder, "hubspot.owner", owners, **numbers)
    invoice = {"id": "in", "customer_id": "cus_h1", "currency": " USD", "status": "Paid", "amount_due": 5}
    dated = {**invoice, "amount_paid": 5, "created": EARLY}
    invoices = [
        {**dated, "livemode": True, **load},
        {**dated, "livemode": False, "amount_due": 6, **again},
        {**dated, "livemode": False, "id": "test", "is_deleted": True},
    ]
    write_parquet(folder, "stripe.invoice", invoices, livemode=pa.bool_(), is_deleted=pa.bool_())


def _app(folder: Path, later: bool) -> None:
    homes = [
        {"id": "h1", "name": "One", "created_at": EARLY, "closed_at": LATER},
        {"id": "h2", "name": "Two", "created_at": EARLY},
        {"id": "new", "created_at": LATER},
        {"id": None, "created_at": EARLY},
        {"id": "dropped", "created_at": EARLY, "is_deleted": False, "_fivetran_synced": EARLY},
        {"id": "dropped", "created_at": EARLY, "is_deleted": True, "_fivetran_synced": LATER},
    ]
    regions = dict(zip(("h1", "h2"), (" eu ", "Atlantis"), strict=True))
    homes = [{**home, "region": regions.get(home["id"])} for home in homes]
    if not later:
        homes.append({"id": "gone", "created_at": EARLY})
        homes.append({"id": "broken", "created_at": EARLY, "closed_at": EARLY - timedelta(days=9)})
    write_parquet(folder, "app.households", homes, is_deleted=pa.bool_())
    task = {"created_at": EARLY, "category": "feeding", "completed_by": "u"}
    tasks = [
        {"id": f"{home}_{number}", "household_id": home, "completed_at": moment, **task}
        for home in ("h1", "h2", "new", "gone", "broken", "nobody", None)
        for number, moment in enumerate((None, EARLY, LATER, datetime(2026, 1, 1)))
    ]
    tasks += [{"id": None, "household_id": "gone", **task}, {**tasks[0], "category": "other"}, tasks[1]]
    write_parquet(folder, "app.tasks", tasks)
    setting = {"household_id": "h1", "feature_name": "reminders", "is_enabled": "true"}
    moments = ("2026-03-01", "2026-03-30 23:30:00-05:00", "2026-03-31T01:00:00+02:00", "soon", "")
    settings = [{"id": f"s{n}", "changed_at": moment, **setting} for n, moment in enumerate(moments)]
    write_csv(
        folder, "app.feature_settings", [*settings, {**settings[0], "id": "s", "is_enabled": "perhaps"}]
    )


def _events(folder: Path, later: bool) -> None:
    """Events as text, so that a moment can be unreadable; received to the hour."""

    def delivery(key, day, household="h1", **more):
        moment = f"2026-03-{day:02d} 12:00:00"
        row = {"event_id": key, "received_at": moment, "occurred_at": moment, "household_id": household}
        return row | {"event_name": "login", "user_id": "u", "_fivetran_synced": moment} | more

    rows = [
        delivery("plain", 1),
        delivery("gone", 2, "gone"),
        delivery("gone_too_far", 1, "gone", occurred_at="2026-03-20 00:00:00"),
        delivery("", 1, "gone", page="without a key"),
        delivery("of_broken", 1, "broken"),
        delivery("nobody", 3, "nobody"),
        delivery("of_new", 29, "new"),
        delivery("undated", 4, received_at=""),
        delivery("unreadable", 4, occurred_at="soon"),
        delivery("twice", 5, page="second"),
        delivery("twice", 4, page="first"),
        delivery("twice", 4, page="first"),
        delivery("tied", 6, page="a"),
        delivery("tied", 6, page="b"),
        delivery("east", 7, received_at="2026-03-07 12:00:00+02:00"),
        delivery("ahead", 8, occurred_at="2026-03-09 11:00:00"),
        delivery("unwanted", 9, _fivetran_deleted="true" if later else "false"),
        delivery("in_seconds", 9, received_at="1773057600", occurred_at="1773057600000"),
    ]
    if later:
        in_april = {"received_at": "2026-04-02 12:00:00", "_fivetran_synced": "2026-04-02 13:00:00"}
        rows += [
            delivery("unreadable", 4, **in_april),
            delivery("twice", 4, page="third", **in_april),
            delivery("late", 10, **in_april),
        ]
        rows = [row | {"_fivetran_synced": "2026-04-02 14:00:00"} for row in rows]
    last = {"received_at": f"{LAST:%Y-%m-%d} 01:00:00"}
    write_csv(folder, "product.events", [*rows, delivery("not_yet", 30, **last)], "_fivetran_deleted")


def _billing(folder: Path) -> None:
    customers = [
        {"id": f"cus_{home}", "created": EARLY, "metadata": f'{{"household_id": "{home}"}}'}
        for home in ("h1", "gone", "broken")
    ]
    write_parquet(folder, "stripe.customer", [*customers, {"id": "none", "created": EARLY, "metadata": "{"}])
    loads = {"_fivetran_synced": EARLY}, {"_fivetran_synced": LATER}
    price = {"unit_amount": 999, "recurring_interval": "month", "recurring_interval_count": 1}
    prices = [
        {"id": "p", "currency": "zar", **price, **loads[0]},
        {"id": "p", "currency": "USD", **price, **loads[1]},
    ]
    write_parquet(folder, "stripe.price", [*prices, {"id": "eur", "currency": "eur", **price}])
    _write_as_plans(folder / "stripe" / "price.parquet")
    version = {"customer_id": "cus_h1", "quantity": 2, "status": "active", "_fivetran_start": EARLY}
    versions = [{"id": key, "price_id": key, **version} for key in ("p", "eur", "unknown")]
    versions.append({**versions[0], "_fivetran_start": LATER, "ended_at": LATER})
    write_parquet(folder, "stripe.subscription_history", versions)
    charge = {"amount": 1, "currency": "usd", "status": "succeeded", "created": EARLY}
    changes = {"ok": {}, "less": {"amount": -1}, "odd": {"status": "odd"}, "jpy": {"currency": "jpy"}}
    charges = [
        {"id": f"{home}_{key}", "customer_id": f"cus_{home}", **charge, **change}
        for key, change in changes.items()
        for home in ("h1", "gone", "broken")
    ]
    write_parquet(folder, "stripe.charge", charges)
    refunds = [{"id": f"re_{row['id']}", "charge_id": row["id"], **charge} for row in charges]
    write_parquet(folder, "stripe.refund", refunds)


def _write_as_plans(prices: Path) -> None:
    """Write prices as connectors land the older table of plans, which has other names."""
    names = {"unit_amount": "AMOUNT", "recurring_interval": "interval"}
    table = pq.read_table(prices)
    pq.write_table(
        table.rename_columns([names.get(name, name) for name in table.column_names]),
        prices.with_name("plan.parquet"),
    )
    prices.unlink()


def _desk(folder: Path) -> None:
    homes = ("h1", "h2", "new", "gone", "broken", "nobody")
    organizations = [{"id": number, "external_id": home} for number, home in enumerate(homes)]
    write_parquet(folder, "zendesk.organization", organizations, id=pa.int64())
    users = [{"id": "asker", "organization_id": "1"}, {"id": "agent", "role": "Agent "}]
    users += [{**users[1], "role": "admin"}, {"id": "robot", "role": "robot"}]
    write_parquet(folder, "zendesk.user", users)
    ticket = {"status": "solved", "created_at": EARLY}
    tickets = [{"id": f"t{o['id']}", "organization_id": str(o["id"]), **ticket} for o in organizations]
    tickets += [
        {"id": "asked", "requester_id": "asker", **ticket},
        {"id": "lost", "organization_id": "99", "requester_id": "asker", **ticket},
        {"id": "tomorrow", "requester_id": "asker", "status": "new", "created_at": LATER},
        {"id": "odd", "requester_id": "asker", "status": "odd", "created_at": EARLY},
        {"id": "dropped", "requester_id": "asker", **ticket, "_fivetran_deleted": True},
    ]
    write_parquet(folder, "zendesk.ticket", tickets, _fivetran_deleted=pa.bool_())
    changes = [
        {"ticket_id": row["id"], "field_name": "status", "value": value, "updated": moment}
        for row in tickets
        for value, moment in (("solved", LATER), ("odd", EARLY))
    ]
    changes.append({"ticket_id": "asked", "field_name": "tags", "value": "odd", "updated": EARLY})
    write_parquet(folder, "zendesk.ticket_field_history", changes)
    write_parquet(folder, "zendesk.ticket_tag", [{"ticket_id": row["id"], "tag": "bug"} for row in tickets])
