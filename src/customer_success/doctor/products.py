"""Stripe products that subscriptions use and no plan of the seeds knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from customer_success.doctor.finding import LOOK, Finding, counted
from customer_success.doctor.found import Found
from customer_success.doctor.left_out import stands
from customer_success.doctor.moments import text_of
from customer_success.doctor.project import Project, SeedLine, seed_line
from customer_success.recount.reading.landing import identifier

HISTORY, ITEM = "stripe.subscription_history", "stripe.subscription_item"
PRICE, PLAN, PRODUCT = "stripe.price", "stripe.plan", "stripe.product"
SEEDS = ("stripe_products", "plans")


@dataclass(frozen=True)
class Product:
    """A product with the number of subscriptions that ever used a recurring price of it above 0."""

    id: str
    name: str
    subscriptions: int


@dataclass(frozen=True)
class Prices:
    """What subscriptions are sold as: products in use, and subscriptions without a known price."""

    products: list[Product]
    price_not_there: int
    without_price: int


def read_prices(connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found]) -> Prices | None:
    """Return the products in use, most subscriptions first; None where there are no subscriptions."""
    history = found.get(HISTORY)
    if history is None or "id" not in history.types:
        return None
    connection.execute(f"create or replace temp table doctor_uses as {_uses(history, found.get(ITEM))}")
    connection.execute(
        "create or replace temp table doctor_prices as select id, any_value(product_id) as product_id,"
        f" bool_or(is_charged) as is_charged from ({_prices(found)}) group by id"
    )
    products = connection.execute(
        f"""
        select doctor_prices.product_id, coalesce(any_value(names.name), ''), count(distinct subscription_id)
        from doctor_uses
        inner join doctor_prices on doctor_uses.price_id = doctor_prices.id
        left join ({_names(found.get(PRODUCT))}) as names on doctor_prices.product_id = names.id
        where doctor_prices.is_charged and doctor_prices.product_id is not null
        group by 1 order by 3 desc, 1
        """
    ).fetchall()
    missing, without = connection.execute(
        """
        with subscriptions as (
            select subscription_id, count(price_id) as prices, count(doctor_prices.id) as known
            from doctor_uses
            left join doctor_prices on doctor_uses.price_id = doctor_prices.id
            group by subscription_id
        )

        select count(*) filter (where known < prices), count(*) filter (where prices = 0) from subscriptions
        """
    ).fetchone()
    return Prices([Product(*row) for row in products], missing, without)


def unmapped(products: list[Product], project: Project) -> list[Product]:
    """Return the products that neither seed names, by id or by name, without regard to case."""
    known = set()
    for seed in SEEDS:
        header, rows = project.seed(seed) or ([], [])
        columns = [column for column in header if "product" in column]
        known |= {row[column].strip().lower() for row in rows for column in columns} - {""}
    return [one for one in products if not {one.id.lower(), one.name.strip().lower()} & known]


def product_lines(products: list[Product], project: Project) -> list[SeedLine]:
    """Return the line for each product, for the first of the seeds that the project has."""
    seed = next((seed for seed in SEEDS if project.seed(seed)), None)
    if seed is None:
        return []
    header = project.seed(seed)[0]
    lines = []
    for one in products:
        name = one.name or one.id
        values = {
            column: one.id if "id" in column.split("_") else name for column in header if "product" in column
        }
        values["reason"] = f"Sold as {name}"
        lines.append(seed_line(project, seed, values))
    return [line for line in lines if line]


def product_findings(prices: Prices, unknown: list[Product], files: Mapping[str, str]) -> list[Finding]:
    """Return what to say of products that no plan knows and of subscriptions without a known price."""
    findings = []
    if unknown:
        named = ", ".join(f"{one.name or 'no name'} ({one.id}, {one.subscriptions:,})" for one in unknown)
        message = f"no plan knows (id, subscriptions): {named}; the plan of these subscriptions is unknown"
        action = "add the lines below to the seed, with the plan that each product belongs to"
        rows, file = sum(one.subscriptions for one in unknown), files.get(PRODUCT, files[HISTORY])
        findings.append(Finding(LOOK, "unmapped_product", PRODUCT, message, action, file, rows))
    for count, kind, what, action in (
        (prices.price_not_there, "price_not_there", "with a price that stripe.price does not have",
         "export all prices, archived ones too"),
        (prices.without_price, "no_price", "without a price and without items",
         "export stripe.subscription_item, in which the connector lands what is subscribed to"),
    ):  # fmt: skip
        if count:
            message = f"{counted(count, 'subscription')} {what}: plan and MRR are unknown"
            findings.append(Finding(LOOK, kind, HISTORY, message, action, files[HISTORY], count))
    return findings


def _uses(history: Found, items: Found | None) -> str:
    parts = [_use(history, "id")]
    if items and "subscription_id" in items.types:
        parts.append(_use(items, "subscription_id"))
    return " union ".join(parts)


def _use(table: Found, subscription: str) -> str:
    price = table.has("price_id", "plan_id")
    read = f"nullif({text_of(price)}, '')" if price else "null::varchar"
    columns = f"{text_of(subscription)} as subscription_id, {read} as price_id"
    return f"select {columns} from {table.relation} where {stands(table)}"


def _prices(found: Mapping[str, Found]) -> str:
    parts = []
    for table in (found.get(PRICE), found.get(PLAN)):
        if table is None or "id" not in table.types:
            continue
        product = text_of(table.has("product_id")) if table.has("product_id") else "null::varchar"
        amounts = [name for name in ("unit_amount_decimal", "unit_amount", "amount") if name in table.types]
        amount = ", ".join(f"try_cast({text_of(name)} as double)" for name in amounts)
        free = f"coalesce({amount}, -1) = 0" if amounts else "false"
        once = f"coalesce({text_of('type')} = 'one_time', false)" if "type" in table.types else "false"
        parts.append(
            f"select {text_of('id')} as id, {product} as product_id, not ({free} or {once}) as is_charged"
            f" from {table.relation}"
        )
    nothing = (
        "select null::varchar as id, null::varchar as product_id, null::boolean as is_charged where false"
    )
    return " union all ".join(parts) or nothing


def _names(product: Found | None) -> str:
    if product is None or not {"id", "name"} <= set(product.types):
        return "select null::varchar as id, null::varchar as name where false"
    name = f"any_value({identifier('name')})"
    return f"select {text_of('id')} as id, {name} as name from {product.relation} group by 1"
