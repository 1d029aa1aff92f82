"""Building tiny raw data sets by hand, for tests of the recomputation itself."""

from __future__ import annotations

from itertools import count

import pandas as pd

from customer_success.recount.households.contract import SCHEMA
from customer_success.recount.households.loading import Raw


class Miniature:
    """Collects raw rows; columns that are not named are empty."""

    def __init__(self, absent: tuple[str, ...] = ()):
        self.rows: dict[tuple[str, str], list[dict]] = {name: [] for name in SCHEMA}
        self.absent = {tuple(name.split(".")) for name in absent}
        self.numbers = count(1)

    def add(self, table: str, **columns) -> str | None:
        """Add one row; an id is made up where none is given."""
        source, name = table.split(".")
        key = SCHEMA[source, name].key
        if key in {("id",), ("event_id",)} and key[0] not in columns:
            columns[key[0]] = f"{name}_{next(self.numbers):03d}"
        self.rows[source, name].append(columns)
        return columns.get(key[0])

    def household(self, home: str = "h1", signup: str = "2024-01-01 09:00", members=("u1",), **more) -> str:
        """Add a household with its members (who join at signup) and its Stripe customer."""
        self.add("app.households", id=home, name=home, created_at=signup, region="EU", **more)
        for user in members:
            self.add(
                "app.household_members",
                household_id=home,
                user_id=user,
                role="member",
                joined_at=signup,
            )
        self.add(
            "stripe.customer",
            id=f"cus_{home}",
            created=signup,
            metadata=f'{{"household_id": "{home}"}}',
        )
        return home

    def prices(self) -> None:
        """Add Premium at 10 a month or 99 a year, Enterprise at 50 a month and seat."""
        self.add("stripe.product", id="prod_p", name="Premium")
        self.add("stripe.product", id="prod_e", name="Enterprise")
        for name, product, amount, interval in (
            ("p_month", "prod_p", 1000, "month"),
            ("p_year", "prod_p", 9900, "year"),
            ("p_week", "prod_p", 300, "week"),
            ("e_month", "prod_e", 5000, "month"),
        ):
            self.add(
                "stripe.price",
                id=name,
                product_id=product,
                currency="usd",
                unit_amount=amount,
                recurring_interval=interval,
                recurring_interval_count=1,
            )

    def version(self, start: str, status: str, price: str = "p_month", home: str = "h1", **more) -> None:
        """Add a version of the household's subscription."""
        row = {"id": f"sub_{home}", "quantity": 1, "cancel_at_period_end": False} | more
        self.add(
            "stripe.subscription_history",
            customer_id=f"cus_{home}",
            price_id=price,
            status=status,
            _fivetran_start=start,
            **row,
        )

    def event(
        self, at: str, user: str = "u1", name: str = "app_open", home: str = "h1", **more
    ) -> str | None:
        """Add an event, received when it occurred unless another moment is given."""
        row = {"occurred_at": at, "received_at": at} | more
        return self.add("product.events", event_name=name, user_id=user, household_id=home, **row)

    def ticket(self, at: str, home: str = "h1", tags: str | None = None, **more) -> str:
        """Add a ticket of the household's organization."""
        organization = f"org_{home}"
        if not any(r["id"] == organization for r in self.rows["zendesk", "organization"]):
            self.add("zendesk.organization", id=organization, external_id=home)
        row = {"status": "open", "organization_id": organization} | more
        ticket = self.add("zendesk.ticket", created_at=at, **row)
        if tags is not None:
            self.history(ticket, at, tags, "tags")
        return ticket

    def history(self, ticket: str, at: str, value: str, field: str = "status") -> None:
        """Add a change of a ticket's field."""
        self.add(
            "zendesk.ticket_field_history",
            ticket_id=ticket,
            field_name=field,
            value=value,
            updated=at,
        )

    def comment(self, ticket: str, at: str, user: str = "z_agent", public: bool = True) -> None:
        """Add a comment to a ticket."""
        if not self.rows["zendesk", "user"]:
            self.add("zendesk.user", id="z_agent", role="agent")
            self.add("zendesk.user", id="z_user", role="end-user", external_id="u1")
        self.add("zendesk.ticket_comment", ticket_id=ticket, user_id=user, public=public, created=at)

    def raw(self) -> Raw:
        """Return the rows as raw frames."""
        frames = Raw(absent=self.absent)
        for name, rows in self.rows.items():
            columns = list(SCHEMA[name].columns)
            if any("_fivetran_synced" in row for row in rows):
                columns.append("_fivetran_synced")
            data = [] if name in self.absent else rows
            frames[name] = pd.DataFrame(data, columns=columns).astype(object)
        return frames
