"""A company of a few rows, written by hand as the recount reads it: `raw_kept`, `raw_read` and `marts`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb

from customer_success.recount.metrics.counting import count
from customer_success.recount.metrics.rules import Rules
from customer_success.recount.reading.contract import TABLES as CONTRACT
from customer_success.recount.reading.contract import RawTable

from . import rules_by_hand

AS_OF = date(2026, 6, 30)  # a Tuesday: June and the quarter are complete, the week is not
JUNE = ("month", date(2026, 6, 1))


def columns_of(table: RawTable) -> dict[str, str]:
    """Return the columns of a table of `raw_kept`."""
    return table.columns | ({"household_id": "VARCHAR"} if table.household else {})


TABLES = {
    "app__households": "id varchar, region varchar, created_at timestamp, closed_at timestamp",
    "app__pets": "household_id varchar, added_at timestamp",
    "app__feature_settings": "household_id varchar, feature_name varchar, is_enabled boolean,"
    " changed_at timestamp",
    "app__household_members": "household_id varchar, user_id varchar, joined_at timestamp, left_at timestamp",
    "product__events": "household_id varchar, user_id varchar, event_name varchar, event_at timestamp,"
    " feature_name varchar",
    **{
        table.flat_name: ", ".join(f'"{name}" {kind}' for name, kind in columns_of(table).items())
        for table in CONTRACT
        if table.name == "meta.fx_rates" or table.name.startswith("stripe.")
    },
    "hubspot__company": "household_id varchar",
    "zendesk__organization": "external_id varchar",
    "survey__invitation": "id varchar, household_id varchar, survey_type varchar, sent_at timestamp",
    "survey__response": "id varchar, household_id varchar, invitation_id varchar, survey_type varchar,"
    " score double, responded_at timestamp",
    "zendesk__ticket": "id varchar, household_id varchar, created_at timestamp, submitter_id varchar,"
    " assignee_id varchar, status varchar default 'open', priority varchar, is_listed boolean default false",
    "zendesk__ticket_comment": "id varchar, ticket_id varchar, user_id varchar, public boolean,"
    " created timestamp",
    "zendesk__ticket_field_history": "ticket_id varchar, field_name varchar, value varchar,"
    " updated timestamp",
    "zendesk__ticket_tag": "ticket_id varchar, tag varchar",
    "zendesk__user": "id varchar, role varchar, email varchar, is_deleted boolean default false",
}
READ = {
    "zendesk__ticket": "assignee_id varchar, row_class varchar",
    "zendesk__ticket_field_history": "field_name varchar, value varchar, row_class varchar",
}
ALL = frozenset(name.replace("__", ".") for name in TABLES)
PRICES = {  # name: (plan, cents, interval, how many of them)
    "premium": ("Premium", 999, "month", 1),
    "ten": ("Premium", 1000, "month", 1),
    "six": ("Premium", 600, "month", 1),
    "twenty_five": ("Enterprise", 2500, "month", 1),
    "year": ("Premium", 9900, "year", 1),
    "week": ("Premium", 299, "week", 1),
    "quarter": ("Premium", 3000, "month", 3),
    "four_cents_a_year": ("Premium", 4, "year", 1),
    "ten_cents_a_year": ("Premium", 10, "year", 1),
    "metered": ("Premium", None, "month", 1),
}


class Company:
    """Collects rows; columns that are not named are empty."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("create schema raw_kept; create schema raw_read; create schema marts")
        for schema, tables in (("raw_kept", TABLES), ("raw_read", READ)):
            for table, columns in tables.items():
                self.connection.execute(f"create table {schema}.{table} ({columns})")
        self.connection.execute(
            "create table marts.fct_customer_health"
            " (household_id varchar, score_date date, health_score integer)"
        )
        self.connection.execute(
            "create table marts.fct_feedback_loops (household_id varchar, kind varchar, origin varchar,"
            " opened_at timestamp, due_at timestamp, followed_up_at timestamp)"
        )
        for plan in ("Premium", "Enterprise"):
            self.add("raw_kept.stripe__product", id=plan, name=plan)
        for name, (plan, cents, interval, times) in PRICES.items():
            self.add(
                "raw_kept.stripe__price",
                id=name,
                product_id=plan,
                currency="usd",
                unit_amount=cents,
                recurring_interval=interval,
                recurring_interval_count=times,
            )
        self.add("raw_kept.zendesk__user", id="agent", role="agent")

    def add(self, table: str, **row) -> None:
        marks = ", ".join("?" for _ in row)
        self.connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
        )

    def household(self, home: str, signup: str = "2026-01-10", *, seen: tuple[str, ...] = (), **more) -> None:
        """Add a household with one member, who is seen on some days; ``more`` are its own columns."""
        self.add("raw_kept.app__households", **{"id": home, "region": "EU", "created_at": signup} | more)
        self.member(home, f"{home}_owner", signup)
        for day in seen:
            self.event(home, day)

    def member(self, home: str, user: str, joined: str, left: str | None = None) -> None:
        self.add(
            "raw_kept.app__household_members", household_id=home, user_id=user, joined_at=joined, left_at=left
        )

    def event(self, home: str, at: str, user: str | None = None, feature: str | None = None) -> None:
        """Add an event of the owner, or of another user."""
        name = "feature_used" if feature else "app_open"
        self.add(
            "raw_kept.product__events",
            household_id=home,
            user_id=user or f"{home}_owner",
            event_name=name,
            event_at=at,
            feature_name=feature,
        )

    def pays(
        self, home: str, price: str, since: str, status: str = "active", name: str = "", quantity=1
    ) -> None:
        """Add a version of a subscription; several with one name follow one another."""
        self.add(
            "raw_kept.stripe__subscription_history",
            id=f"{home}{name}",
            household_id=home,
            price_id=price,
            quantity=quantity,
            status=status,
            _fivetran_start=since,
        )

    def answer(self, home: str, kind: str, score: int | None, at: str, invitation: str | None = None) -> None:
        self.add(
            "raw_kept.survey__response",
            id=f"{home} {at} {score}",
            household_id=home,
            invitation_id=invitation,
            survey_type=kind,
            score=score,
            responded_at=at,
        )

    def ticket(
        self,
        name: str,
        at: str,
        *,
        home: str = "h",
        tags: str | None = None,
        own: dict | None = None,
        **statuses: str,
    ) -> None:
        """Add a ticket with its tags at creation, its ``own`` further columns, and statuses by moments."""
        self.add("raw_kept.zendesk__ticket", id=name, household_id=home, created_at=at, **(own or {}))
        for status, moment in statuses.items():
            self.change(name, "status", status, moment)
        if tags:
            self.change(name, "tags", tags, at)

    def change(self, ticket: str, field: str, value: str | None, at: str) -> None:
        """Add a change of a field of a ticket."""
        self.add(
            "raw_kept.zendesk__ticket_field_history",
            ticket_id=ticket,
            field_name=field,
            value=value,
            updated=at,
        )

    def reply(self, ticket: str, at: str, *, public: bool = True, user: str = "agent") -> None:
        self.add(
            "raw_kept.zendesk__ticket_comment", ticket_id=ticket, user_id=user, public=public, created=at
        )

    def score(self, home: str, day: str, score: int | None) -> None:
        self.add("marts.fct_customer_health", household_id=home, score_date=day, health_score=score)

    def loop(
        self, home: str, opened: str, due: str, followed: str | None, kind: str = "resolution", origin="nps"
    ) -> None:
        """Add a published loop: an answer, when a reply was due, and when a person replied."""
        times = {"opened_at": opened, "due_at": due, "followed_up_at": followed}
        self.add("marts.fct_feedback_loops", household_id=home, kind=kind, origin=origin, **times)

    def count(self, present: frozenset[str] = ALL, rules: Rules | None = None) -> Company:
        count(self.connection, AS_OF, present=present, rules=rules or rules_by_hand.rules())
        return self

    def of(self, metric: str, period: tuple[str, date] = JUNE, segment: str = "all") -> tuple | None:
        """Return numerator, denominator, sample and unknowns of a metric; None where nothing was counted."""
        row = self.connection.execute(
            "select numerator, denominator, sample_size, unknown_count from recount.counts"
            " where metric = ? and grain = ? and first_day = ? and segment = ?",
            [metric, *period, segment],
        ).fetchone()
        return row and tuple(float(part) if isinstance(part, Decimal) else part for part in row)
