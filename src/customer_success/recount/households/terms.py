"""What a subscription is worth: the sum of its prices, less its coupons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .prices import Coupon, Price, Rates
from .rules import Rules

F = Fraction


@dataclass(frozen=True)
class Line:
    """A price with its quantity; ``price`` is None where the price is not there."""

    id: str
    price: Price | None
    quantity: Fraction


@dataclass(frozen=True)
class Terms:
    """Plan, seats and monthly value; ``gross`` before coupons.

    ``is_nothing``: nothing is sold by it. ``is_free``: a coupon of 100% holds. ``reason``: why the value
    after coupons is unknown. ``price`` is that of the highest plan. ``offers``: plan and monthly value of
    one unit of each line that has both.
    """

    plan: str | None = None
    is_nothing: bool = False
    is_free: bool = False
    seats: Fraction | None = None
    gross: Fraction | None = None
    net: Fraction | None = None
    reason: str | None = None
    price: Price | None = None
    offers: tuple[tuple[str, Fraction], ...] = ()


def terms_of(
    lines: Sequence[Line], coupons: Sequence[Coupon | None], first_day: int, rates: Rates, rules: Rules
) -> Terms:
    """Sum up lines and take coupons off, in the reporting currency at the rate of the first day."""
    sold = [line for line in lines if line.price is None or not line.price.is_ignored]
    if lines and all(line.price is not None and line.price.is_nothing for line in sold):
        all_free = len(sold) == len(lines)
        seats = sum((line.quantity for line in lines), F(0)) if all_free else _seats(sold)
        return Terms(is_nothing=True, seats=seats, reason=None, **_main(sold, rules))
    sold = [line for line in sold if line.price is None or not line.price.is_one_time]
    main = _main(sold, rules)
    gross, problem = _gross(sold, first_day, rates)
    factor, off, unknown = _reduction(coupons, main["price"], first_day, rates)
    reason = None if factor == 0 else problem or unknown
    net = None if reason else max(F(0), (gross or F(0)) * factor - off)
    known = {"gross": gross, "net": net, "reason": reason, "offers": tuple(_offers(sold, first_day, rates))}
    return Terms(seats=_seats(sold), is_free=factor == 0, **known, **main)


def _offers(lines: Sequence[Line], first_day: int, rates: Rates) -> Iterator[tuple[str, Fraction]]:
    """Yield plan and monthly value of one unit (or pack) of the lines in which both are known and cost."""
    for price in (line.price for line in lines):
        if price is None or not price.plan or price.problem or price.is_nothing:
            continue
        rate = rates.at(price.currency, first_day)
        if rate is not None:
            yield price.plan, price.monthly(F(max(price.divide_by, 1))) * rate


def _main(lines: Sequence[Line], rules: Rules) -> dict[str, object]:
    """Return the highest known plan and its price; of several such prices that of the lowest id."""
    known = [line for line in lines if line.price is not None]
    if not known:
        return {"plan": None, "price": None}
    best = min(known, key=lambda line: (line.price.plan is None, -rules.rank(line.price.plan), line.id))
    return {"plan": best.price.plan, "price": best.price}


def _seats(lines: Sequence[Line]) -> Fraction | None:
    """Add up the quantities of plan products; None where no plan is known."""
    seats = [line.quantity for line in lines if line.price is not None and line.price.plan]
    return sum(seats, F(0)) if seats else None


def _gross(lines: Sequence[Line], first_day: int, rates: Rates) -> tuple[Fraction | None, str | None]:
    """Return the sum of lines, or why it is unknown."""
    if not lines:
        return None, "no_price"
    total = F(0)
    for line in lines:
        if line.price is None:
            return None, "no_price"
        if line.price.is_nothing:
            continue
        if line.price.problem:
            return None, line.price.problem
        rate = rates.at(line.price.currency, first_day)
        if rate is None:
            return None, "no_exchange_rate"
        total += line.price.monthly(line.quantity) * rate
    return total, None


def _reduction(
    coupons: Sequence[Coupon | None], price: Price | None, first_day: int, rates: Rates
) -> tuple[Fraction, Fraction, str | None]:
    """Return what percents leave of 1, what amounts take off a month, and why that is unknown."""
    factor, off, unknown = F(1), F(0), None
    for coupon in coupons:
        if coupon is None:
            unknown = "no_coupon"
            continue
        unknown = unknown or coupon.problem
        factor *= max(F(0), 1 - coupon.percent)
        if coupon.amount:
            rate = rates.at(coupon.currency or (price.currency if price else None), first_day)
            if rate is None or price is None or price.months is None:
                unknown = unknown or "no_exchange_rate"
            else:
                off += coupon.amount * price.months * rate
    return factor, off, unknown
