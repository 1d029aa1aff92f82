"""What prices and coupons say: the plan of a product, the monthly value of a price, what coupons take off."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from .rules import Rules
from .sifting import Staged
from .values import day_number, exact

RATE_DAYS = 7  # a rate holds for the days after it on which there is none


@dataclass(frozen=True)
class Price:
    """A Stripe price or plan; amounts in units of its currency.

    ``is_ignored``: the seed maps its product to no plan. ``problem`` says why its monthly value is unknown.
    ``months`` turns an amount per interval into one per month.
    """

    plan: str | None
    is_ignored: bool = False
    is_one_time: bool = False
    amount: Fraction | None = None
    currency: str | None = None
    interval: str | None = None
    interval_count: int = 0
    months: Fraction | None = None
    problem: str | None = None
    divide_by: int = 0
    rounds_up: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is paid for it each month, for certain."""
        return self.is_one_time or (self.amount == 0 and self.problem in (None, "unknown_interval"))

    def monthly(self, quantity: Fraction) -> Fraction:
        """Return the monthly value of a quantity; only where there is no problem."""
        if self.divide_by:
            packs = quantity / self.divide_by
            quantity = Fraction(-(-packs // 1) if self.rounds_up else packs // 1)
        return self.amount * quantity * self.months


@dataclass(frozen=True)
class Coupon:
    """What a coupon takes off: a share of the price, or an amount per interval; ``problem`` if unknown."""

    percent: Fraction = Fraction(0)
    amount: Fraction = Fraction(0)
    currency: str | None = None
    duration: str | None = "forever"
    duration_in_months: int | None = None
    problem: str | None = None


class Rates:
    """Rates to the reporting currency, by day."""

    def __init__(self, staged: Staged):
        self.own = staged.rules.currency
        self.rates: dict[str, list[tuple[int, Fraction]]] = {}
        rows = staged["meta.fx_rates"]
        for currency, day, rate in zip(rows["currency"], rows["date"], rows["rate"], strict=True):
            if rate:
                self.rates.setdefault(currency.strip().lower(), []).append((day_number(day), rate))
        for known in self.rates.values():
            known.sort()

    def at(self, currency: str | None, day: int) -> Fraction | None:
        """Return the rate of a day, else the latest of the days before; None without one."""
        if currency == self.own:
            return Fraction(1)
        known = self.rates.get(currency, [])
        place = bisect_right(known, day, key=lambda pair: pair[0]) - 1
        return known[place][1] if place >= 0 and known[place][0] >= day - RATE_DAYS else None


def _units(currency: str | None, rules: Rules) -> int:
    """Return how many minor units one unit of a currency has."""
    return 1 if currency in rules.zero_decimal_currencies else 100


def _given(value: object) -> bool:
    return value is not None and value == value and value is not pd.NaT


def lower(value: object) -> str | None:
    return str(value).strip().lower() or None if _given(value) else None


def _plan_of(product_id: str | None, name: str | None, rules: Rules) -> tuple[str | None, bool]:
    """Return the plan of a product, and whether it is ignored on purpose."""
    for key in (product_id, name):
        if key in rules.mapped_products:
            plan = rules.mapped_products[key]
            return plan, plan is None
    return rules.plan_of_product.get(name), False


def _problem(row, amount: Fraction | None, months: Fraction | None) -> str | None:
    if lower(row.billing_scheme) == "tiered":
        return "tiered_price"
    if lower(row.recurring_usage_type) == "metered":
        return "metered_price"
    if amount is None:
        return "no_amount"
    return "unknown_interval" if months is None else None


def read_prices(staged: Staged) -> dict[str, Price]:
    """Read prices and plans by id; of one id the price counts."""
    rules, products = staged.rules, staged["stripe.product"]
    names = dict(zip(products["id"], products["name"], strict=True))
    found = {}
    for table in ("stripe.plan", "stripe.price"):
        for row in staged[table].itertuples(index=False):
            plan, is_ignored = _plan_of(row.product_id, names.get(row.product_id), rules)
            currency, interval = lower(row.currency), lower(row.recurring_interval)
            minor = exact(row.unit_amount) if _given(row.unit_amount) else row.unit_amount_decimal
            count = int(row.recurring_interval_count) if _given(row.recurring_interval_count) else 0
            months = (
                rules.interval_months[interval] / count
                if count and interval in rules.interval_months
                else None
            )
            amount = None if minor is None else minor / _units(currency, rules)
            kind = lower(row.type) or (
                "one_time" if table == "stripe.price" and not (interval or count) else None
            )
            found[row.id] = Price(
                plan=plan,
                is_ignored=is_ignored,
                is_one_time=kind == "one_time",
                amount=amount,
                currency=currency,
                interval=interval,
                interval_count=count,
                months=months,
                problem=_problem(row, amount, months),
                divide_by=int(row.transform_quantity_divide_by)
                if _given(row.transform_quantity_divide_by)
                else 0,
                rounds_up=lower(row.transform_quantity_round) == "up",
            )
    return found


def read_coupons(staged: Staged) -> dict[str, Coupon]:
    """Read coupons by id; one whose terms are incomplete has a problem."""
    found = {}
    for row in staged["stripe.coupon"].itertuples(index=False):
        currency, duration = lower(row.currency), lower(row.duration)
        months = int(row.duration_in_months) if _given(row.duration_in_months) else None
        off = exact(row.amount_off) if _given(row.amount_off) else None
        known = row.percent_off is not None or off is not None
        found[row.id] = Coupon(
            percent=(row.percent_off or Fraction(0)) / 100,
            amount=(off or Fraction(0)) / _units(currency, staged.rules),
            currency=currency,
            duration=duration,
            duration_in_months=months,
            problem=None if known else "coupon_unknown",
        )
    return found


def converted(
    amounts: pd.Series, currencies: pd.Series, days: Iterable[int], rates: Rates, rules: Rules
) -> list[Fraction | None]:
    """Return amounts of minor units in the reporting currency at the rates of some days; None without one."""
    found = []
    for amount, currency, day in zip(amounts, currencies, days, strict=True):
        rate = rates.at(lower(currency), day)
        known = rate is not None and _given(amount)
        found.append(exact(amount) / _units(lower(currency), rules) * rate if known else None)
    return found
