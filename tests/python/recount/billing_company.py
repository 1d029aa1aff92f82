"""Raw billing rows of a few households in the connectors' shape, and both recounts of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd

from customer_success.recount.households import billing, billing_tables, core
from customer_success.recount.households.rules import Rules as HouseholdRules
from customer_success.recount.households.sample import Reader, raw_relations
from customer_success.recount.households.staging import stage
from customer_success.recount.households.values import day_number
from customer_success.recount.metrics.counting import SQL, count
from customer_success.recount.metrics.rules import Rules
from customer_success.recount.reading import sources_present
from recount.raw_tables import read, variables

AS_OF = date(2024, 12, 31)
SIGNUP = "2024-01-01 09:00:00"
FIRST, DAYS = date(2023, 1, 1), 731


@dataclass(frozen=True)
class On:
    """What a household has at the end of a day."""

    plan: str | None
    paying: bool
    mrr: Decimal | None


NOTHING = On("Free", False, Decimal("0.00"))


class Company:
    """Collects raw rows; columns that are not named are not there, or empty."""

    def __init__(self, *, events: bool = True) -> None:
        self.rows: dict[str, list[dict]] = {"app.households": [], "app.household_members": []}
        if events:
            self.rows["product.events"] = []
        for table in ("customer", "product", "price", "subscription_history"):
            self.rows[f"stripe.{table}"] = []
        for name in ("Premium", "Enterprise", "Free"):
            self.add("stripe.product", id=f"prod_{name}", name=name)

    def add(self, table: str, **row) -> None:
        self.rows.setdefault(table, []).append(row)

    def household(self, home: str = "h", created: str = SIGNUP, metadata: str | None = None, **more) -> None:
        """Add a household, and its customer."""
        self.add("app.households", id=home, name=home, region="EU", created_at=created, **more)
        named = f'{{"household_id": "{home}"}}' if metadata is None else metadata
        self.add("stripe.customer", id=f"cus_{home}", created="2023-01-01", metadata=named)

    def price(self, name: str, amount: object = 2000, product: str = "Premium", **more) -> str:
        """Add a monthly price in US cents, or another one; ``table`` is price or plan."""
        table = more.pop("table", "price")
        row = {"currency": "usd", "unit_amount": amount, "recurring_interval": "month"}
        row |= {"recurring_interval_count": 1, "type": "recurring", "product_id": f"prod_{product}"}
        self.add(f"stripe.{table}", id=name, **row | more)
        return name

    def version(
        self, start: str, status: str = "active", price: str | None = "m", home: str = "h", **more
    ) -> None:
        """Add a version of the household's subscription."""
        row = {"id": f"sub_{home}", "customer_id": f"cus_{home}", "quantity": 1, "status": status}
        row |= {"_fivetran_start": start, "price_id": price, "cancel_at_period_end": False}
        self.add("stripe.subscription_history", **row | more)

    def item(self, name: str, price: str, quantity: object = 1, home: str = "h", **more) -> None:
        row = {"id": name, "subscription_id": f"sub_{home}", "plan_id": price, "quantity": quantity}
        self.add("stripe.subscription_item", **row | {"created": "2024-01-15"} | more)

    def coupon(self, name: str, duration: str = "forever", **more) -> None:
        self.add("stripe.coupon", **{"id": name, "duration": duration, "currency": "usd"} | more)

    def discount(self, name: str, coupon: str, start: str, home: str = "h", **more) -> None:
        """Give a coupon to the household's subscription, or to another holder."""
        table = more.pop("table", "subscription_discount")
        row = {"customer_id": f"cus_{home}", "subscription_id": f"sub_{home}"}
        self.add(f"stripe.{table}", id=name, coupon_id=coupon, start=start, **row | more)

    def rate(self, day: str, rate: object, currency: str = "eur") -> None:
        self.add("meta.fx_rates", currency=currency, date=day, rate=rate)

    def write(self, folder: Path) -> Path:
        for table, rows in self.rows.items():
            source, name = table.split(".")
            (folder / source).mkdir(parents=True, exist_ok=True)
            columns = list(dict.fromkeys(column for row in rows for column in row)) or list(EMPTY[table])
            with (folder / source / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return folder

    def recount(self, folder: Path, as_of: date = AS_OF, **more) -> Recounts:
        """Recount the rows twice; ``more`` are vars and, as ``products``, rows of the seed of products."""
        return Recounts(self.write(folder), as_of, more)


EMPTY = {
    "product.events": ("event_id", "event_name", "occurred_at", "received_at", "user_id", "household_id"),
    "app.household_members": ("id", "household_id", "user_id", "role", "joined_at", "left_at"),
    "stripe.price": ("id", "product_id", "currency"),
    "stripe.subscription_history": ("id", "customer_id", "status", "_fivetran_start"),
}


class Recounts:
    """The recount of households in Python and that of metrics in SQL; both must say the same."""

    def __init__(self, folder: Path, as_of: date, more: dict):
        products = more.pop("products", {})
        self.folder, self.as_of, self.products = folder, as_of, products
        self.variables = variables() | more
        rules = HouseholdRules.read(self.variables)
        self.rules = replace(rules, mapped_products=rules.mapped_products | products)
        self.connection, self.is_counted = read(folder, as_of=as_of, **more), False
        with duckdb.connect() as own:
            self.raw = Reader(own, raw_relations(own, folder, self.variables)).read_all()
        self.staged = stage(self.raw, day_number(as_of), self.rules)
        self.lines = billing.timelines(self.staged)

    def count(self) -> duckdb.DuckDBPyConnection:
        """Count metrics in SQL, once."""
        if self.is_counted:
            return self.connection
        self.is_counted = True
        self.connection.execute("create schema marts")
        self.connection.execute(
            "create table marts.fct_customer_health"
            " (household_id varchar, score_date date, health_score integer)"
        )
        self.connection.execute(
            "create table marts.fct_feedback_loops (household_id varchar, kind varchar, origin varchar,"
            " opened_at timestamp, due_at timestamp, followed_up_at timestamp)"
        )
        rules = Rules.read(self.variables)
        mapped = [{"product": name, "plan_type": plan or ""} for name, plan in self.products.items()]
        rules.rows["stripe_products"].extend(mapped)
        present = frozenset(sources_present(self.connection))
        count(self.connection, self.as_of, present=present, rules=rules)
        return self.connection

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        return core.recompute(self.raw, self.as_of, self.rules)

    @cached_property
    def days(self) -> dict[tuple[str, date], On]:
        """What SQL says of each household and day with a subscription in force."""
        run = self.count().execute
        run(
            "create or replace table recount.state_days as"
            " select cast(unnest(range(?, ?, interval 1 day)) as date) as day",
            [FIRST, FIRST + timedelta(days=DAYS)],
        )
        run("drop table recount.subscribed")
        run((SQL / "03_subscribed.sql").read_text(encoding="utf-8"))
        rows = run(
            "select household_id, day, plan_type, is_paying, mrr from recount.subscribed"
            " inner join recount.households using (home) left join recount.ranked_plans using (plan_rank)"
        ).fetchall()
        return {(home, day): On(plan, paying, _units(cents)) for home, day, plan, paying, cents in rows}

    def on(self, day: str, home: str = "h") -> On:
        """Return what a household has on a day; fails where the recounts differ."""
        state = self.lines[home].at(day_number(pd.Timestamp(day)))
        found = On(state.plan, state.paying, state.mrr)
        assert self.days.get((home, date.fromisoformat(day)), NOTHING) == found
        return found

    def line_is_in_force(self, day: str, home: str = "h") -> bool:
        return self.lines[home].at(day_number(pd.Timestamp(day))).in_force

    def mrr(self, *days: str, home: str = "h") -> list[float | None]:
        return [None if (found := self.on(day, home)).mrr is None else float(found.mrr) for day in days]

    def differences(self) -> list[str]:
        """Compare all households on all days; of each household the first day that differs."""
        found = []
        for home, line in self.lines.items():
            for day in range(DAYS):
                on = FIRST + timedelta(days=day)
                state = line.at(day_number(on))
                mine = On(state.plan, state.paying, state.mrr)
                theirs = self.days.get((home, on), NOTHING)
                if mine != theirs:
                    found.append(f"{home} on {on}: {mine} in Python, {theirs} in SQL")
                    break
        return found

    def row(self, table: str, **where) -> dict:
        """Return the only row of a recomputed table."""
        frame = self.tables[table]
        for column, value in where.items():
            frame = frame[frame[column] == value]
        assert len(frame) == 1, frame.to_string()
        return {name: None if _missing(value) else value for name, value in frame.iloc[0].to_dict().items()}

    def changes(self, home: str = "h") -> list[tuple[str, str]]:
        frame = self.tables["fct_subscription_changes"]
        frame = frame[frame["household_id"] == home]
        days = frame["changed_at"].dt.strftime("%m-%d")
        return list(zip(days, frame["change_type"], strict=True))

    def movements(self, home: str = "h") -> dict[str, dict[str, float | None]]:
        """Return the movements that are not 0, by month; None where they are unknown."""
        frame = self.tables["fct_mrr_movements"]
        out = {}
        for row in frame[frame["household_id"] == home].to_dict("records"):
            moves = {name: row[name] for name in billing_tables.MOVEMENTS if row[name] != 0}
            shown = {name: None if value is None else float(value) for name, value in moves.items()}
            if shown:
                out[row["month_start"].strftime("%m")] = shown
        return out

    def verdicts(self, table: str, key: Sequence[str] = ("id",)) -> dict:
        rows = self.connection.execute(
            f"select {key[0]}, coalesce(reason, row_class) from raw_read.{table.replace('.', '__')}"
        ).fetchall()
        return dict(rows)


def _units(cents: int | None) -> Decimal | None:
    return None if cents is None else (Decimal(cents) / 100).quantize(Decimal("0.01"))


def _missing(value: object) -> bool:
    return value is None or value is pd.NaT or value != value
