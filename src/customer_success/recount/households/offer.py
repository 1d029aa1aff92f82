"""What is sold, at which prices and rates; terms that many subscriptions have are worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .prices import Coupon, Price, Rates
from .rules import Rules
from .terms import Line, Terms, terms_of


@dataclass(frozen=True)
class Offer:
    """Prices by id, rates, and the rules."""

    prices: dict[str, Price]
    rates: Rates
    rules: Rules
    known: dict[tuple, Terms] = field(default_factory=dict)

    def terms(self, lines: Sequence[Line], coupons: Sequence[Coupon | None], first_day: int) -> Terms:
        """Return the terms of lines and coupons in a version with this first day."""
        if len(lines) != 1 or coupons:
            return terms_of(lines, coupons, first_day, self.rates, self.rules)
        price, quantity = lines[0].price, lines[0].quantity
        is_foreign = price is not None and price.currency != self.rates.own
        key = (id(price), quantity, first_day if is_foreign else None)
        if key not in self.known:
            self.known[key] = terms_of(lines, coupons, first_day, self.rates, self.rules)
        return self.known[key]
