"""What the company sells as Stripe's connector lands it: products, prices, coupons; and exchange rates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from .frames import Block, text_ids

PREMIUM, ENTERPRISE, STORAGE, KIT, FREE = range(1, 6)
NAMES = {
    PREMIUM: "Premium",
    ENTERPRISE: "Enterprise",
    STORAGE: "Photo storage",
    KIT: "Welcome kit",
    FREE: "Free",
}
NO_PRICE = 99  # the number of a price that is nowhere


class Price(NamedTuple):
    """A price: its product, and what one unit costs per interval in minor units (None: it has no amount)."""

    product: int
    unit: float | None
    interval: str | None = "month"
    count: int = 1
    currency: str = "usd"
    scheme: str = "per_unit"
    usage: str = "licensed"
    divide_by: int | None = None
    only_a_plan: bool = False
    nickname: str = "Standard"

    @property
    def is_known(self) -> bool:
        """Whether an amount per month follows from the price."""
        return self.scheme == "per_unit" and self.usage == "licensed"

    def minor(self, quantity: float) -> float:
        """Return what a quantity costs per interval in minor units; a one-time price costs nothing again."""
        if self.interval is None:
            return 0.0
        units = np.ceil(quantity / self.divide_by) if self.divide_by else quantity
        return units * (self.unit or 0.0)


# The first seven are those that versions with a price of their own name.
PRICES: dict[int, Price] = {
    10: Price(PREMIUM, 999),
    11: Price(PREMIUM, 9900, "year"),
    12: Price(PREMIUM, 299, "week"),
    13: Price(PREMIUM, 49, "day"),
    14: Price(PREMIUM, 2799, "month", 3),
    20: Price(ENTERPRISE, 600),
    21: Price(ENTERPRISE, 6000, "year"),
    31: Price(PREMIUM, 500, nickname="Extra seat"),
    32: Price(ENTERPRISE, 400, nickname="Extra seat"),
    33: Price(STORAGE, 0.5, nickname="Per photo album"),
    34: Price(STORAGE, 300, divide_by=10, nickname="Per ten albums"),
    35: Price(KIT, 1500, None, nickname="Once"),
    36: Price(PREMIUM, None, scheme="tiered", nickname="By size"),
    37: Price(STORAGE, 2, usage="metered", nickname="By use"),
    38: Price(PREMIUM, 1500, currency="jpy", nickname="Japan"),
    39: Price(PREMIUM, 900, currency="gbp", nickname="United Kingdom"),
    40: Price(FREE, 0),
    41: Price(PREMIUM, 899, only_a_plan=True, nickname="Of the first year"),
}


class Coupon(NamedTuple):
    """A coupon: a percentage or an amount in cents off, for how long."""

    percent: float | None
    amount: int | None
    duration: str
    months: int | None = None


COUPONS: dict[str, Coupon] = {
    "sim_coupon_quarter_off": Coupon(25.0, None, "forever"),
    "sim_coupon_half_off": Coupon(50.0, None, "repeating", 3),
    "sim_coupon_two_dollars": Coupon(None, 200, "forever"),
    "sim_coupon_first": Coupon(20.0, None, "once"),
    "sim_coupon_loyal": Coupon(10.0, None, "forever"),
    "sim_coupon_on_us": Coupon(100.0, None, "repeating", 2),
}
NO_COUPON = "sim_coupon_forgotten"  # discounts name it and the coupons do not have it


def price_id(number: int) -> str:
    return f"sim_price_{number:04d}"


def yen_rate(days: np.ndarray) -> np.ndarray:
    """Dollars per yen on days since 1970, at weekends that of the Friday before; shape (n,)."""
    days = np.asarray(days, dtype=np.int64)
    weekday = (days + 3) % 7
    days = days - np.maximum(weekday - 4, 0)
    return np.round(0.0066 + 0.0004 * np.sin(days / 40.0), 6)


def land_catalogue(block: Block) -> None:
    """Write products (one deleted, one in test mode), prices, plans, coupons and exchange rates."""
    synced = block.begin
    products = pd.DataFrame(
        {
            "id": text_ids("prod", list(NAMES), 4),
            "name": list(NAMES.values()),
            "active": True,
            "created": synced,
            "type": "service",
            "fivetran_synced": synced,
        }
    )
    block.tables["stripe.product"] = products
    old = products.iloc[:1].assign(id="sim_gone_prod_0001", name="Premium of 2019", is_deleted=True)
    block.set_apart("stripe.product", old, "deleted", "deleted")
    tried = products.iloc[:1].assign(id="sim_test_prod_0001", livemode=False)
    block.set_apart("stripe.product", tried, "not_live", "test_mode")
    _land_prices(block, synced)
    coupons = pd.DataFrame(
        COUPONS.values(), columns=["percent_off", "amount_off", "duration", "duration_in_months"]
    )
    coupons["id"] = coupons["name"] = list(COUPONS)
    coupons["currency"] = coupons["amount_off"].notna().map({True: "usd", False: None})
    block.tables["stripe.coupon"] = coupons.assign(created=synced, valid=True, _fivetran_synced=synced)
    days = np.arange(-30, block.calendar.days + 1) + block.calendar.epoch
    days = days[(days + 3) % 7 < 5]
    rates = {"currency": "jpy", "date": days.astype("M8[D]").astype("M8[us]"), "rate": yen_rate(days)}
    block.tables["meta.fx_rates"] = pd.DataFrame(rates)


def _land_prices(block: Block, synced: pd.Timestamp) -> None:
    rows = pd.DataFrame(PRICES.values())
    rows["id"] = [price_id(number) for number in PRICES]
    rows["product_id"] = text_ids("prod", rows["product"], 4)
    whole = rows["unit"].notna() & (rows["unit"] % 1 == 0)
    recurring = rows["interval"].notna()
    common = {"active": True, "created": synced, "_fivetran_synced": synced, "billing_scheme": rows["scheme"]}
    rows = rows.assign(
        **common,
        unit_amount=rows["unit"].where(whole),
        unit_amount_decimal=rows["unit"].map(lambda unit: f"{unit:g}", na_action="ignore"),
        recurring_interval=rows["interval"],
        recurring_interval_count=rows["count"].where(recurring),
        recurring_usage_type=rows["usage"].where(recurring, None),
        type=recurring.map({True: "recurring", False: "one_time"}),
        transform_quantity_divide_by=rows["divide_by"],
        transform_quantity_round=rows["divide_by"].notna().map({True: "up", False: None}),
        amount=rows["unit"].where(whole),
        interval_count=rows["count"],
        usage_type=rows["usage"],
    )
    block.tables["stripe.price"] = rows[~rows["only_a_plan"]]
    block.tables["stripe.plan"] = rows[recurring]
