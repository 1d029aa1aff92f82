"""Stripe: the charges for subscriptions: invoices at the start of each period, charges and refunds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .clock import DAY_US, HOUR_US, NAT, SECOND_US, Calendar
from .columns import LOCAL, ids, integers, pick, repeat_ranks, times
from .latent import LOG_BUY, LOG_CHANGE, LOG_CONVERT, LOG_PAST_DUE, LOG_RECOVERED, LOG_TRIAL, LOG_UNPAID
from .population import Population

CENTS = np.array(  # plan x interval (month, year, week, day, quarter)
    [[0, 0, 0, 0, 0], [999, 9900, 299, 49, 2799], [600, 6000, 0, 0, 0]]
)
RENEWAL = 13  # continues the kinds of the log
PAID_PERIODS = (LOG_CONVERT, LOG_BUY, LOG_CHANGE, LOG_PAST_DUE, RENEWAL)
_FAILURES = ("card_declined", "insufficient_funds", "expired_card")


class _Invoices(NamedTuple):
    """Arrays of n invoices: what is due, and how collecting it went. Moments are microseconds."""

    version: np.ndarray  # row of the version of the subscription that begins the period
    created: np.ndarray
    answered: np.ndarray  # when a late one was paid or given up, NAT if neither
    amount: np.ndarray  # cents
    late: np.ndarray
    stumbles: np.ndarray  # fails once, then succeeds
    pends: np.ndarray
    lost: np.ndarray
    failures: np.ndarray  # failed charges
    charges: np.ndarray
    paid: np.ndarray
    u: np.ndarray  # uniform draws of shape (3, n)


class _Charges(NamedTuple):
    """Arrays of n charges; ``invoice`` is the row of theirs."""

    invoice: np.ndarray
    number: np.ndarray
    when: np.ndarray
    status: np.ndarray  # succeeded, failed, pending


def money(
    versions: dict[str, np.ndarray],
    begin: np.ndarray,
    finish: np.ndarray,
    people: Population,
    calendar: Calendar,
    block: int,
    rng,
) -> dict[str, dict]:
    """Write invoices, charges and refunds; ``begin`` and ``finish`` bound the period of each version."""
    base = block * LOCAL
    invoices = _invoices(versions, calendar, rng)
    customer = people.number[versions["household"][invoices.version]]
    charges, charge_table = _charge_table(invoices, customer, calendar, base)
    at = invoices.version
    columns = {
        "id": ids("inv", base + np.arange(len(at))),
        "customer_id": ids("cus", customer),
        "subscription_id": ids("sub", versions["sub"][at]),
        "status": pick(
            ("paid", "open", "uncollectible"), np.where(invoices.paid, 0, np.where(invoices.lost, 2, 1))
        ),
        "currency": pick(["usd"], np.zeros(len(at))),
        "amount_due": integers(invoices.amount),
        "amount_paid": integers(np.where(invoices.paid, invoices.amount, 0)),
        "attempt_count": integers(invoices.charges),
        "created": times(invoices.created),
        "period_start": times(begin[at]),
        "period_end": times(finish[at]),
    }
    settled = invoices.late & (invoices.answered != NAT)
    return {
        "stripe.invoice": {
            "columns": columns,
            "seen": np.where(settled, invoices.answered, invoices.created),
        },
        "stripe.charge": charge_table,
        "stripe.refund": _refund_table(charges, invoices.amount, calendar, base, rng),
    }


def _invoices(v: dict[str, np.ndarray], calendar: Calendar, rng) -> _Invoices:
    at = np.flatnonzero(np.isin(v["kind"], (*PAID_PERIODS, LOG_TRIAL)))
    kind, created, answered = v["kind"][at], v["time"][at], v["next_time"][at]
    next_kind = np.r_[v["kind"][1:], -1][at]
    amount = CENTS[v["plan"], v["interval"]][at] * v["seats"][at]
    amount = np.where(kind == LOG_TRIAL, 0, amount)
    u = rng.random((3, len(at)))
    late = kind == LOG_PAST_DUE
    recovered = late & (next_kind == LOG_RECOVERED) & (answered != NAT)
    stumbles = ~late & (amount > 0) & (u[0] < 0.008)
    pends = ~late & (amount > 0) & (u[0] > 0.998)
    waited = np.where(answered == NAT, calendar.export, answered) - created
    retries = np.searchsorted([3 * DAY_US, 5 * DAY_US, 9 * DAY_US], waited, side="left")
    failures = np.where(late, 1 + retries, stumbles.astype(int))
    succeeds = (amount > 0) & ~pends & (~late | recovered)
    return _Invoices(
        version=at,
        created=created,
        answered=answered,
        amount=amount,
        late=late,
        stumbles=stumbles,
        pends=pends,
        lost=late & (next_kind == LOG_UNPAID) & (answered != NAT),
        failures=failures,
        charges=np.where(amount > 0, failures + (succeeds | pends), 0),
        paid=succeeds | (amount == 0),
        u=u,
    )


def _charge_table(
    invoices: _Invoices, customer: np.ndarray, calendar: Calendar, base: int
) -> tuple[_Charges, dict]:
    """Write the attempts to collect each invoice: late ones fail on fixed days until they are answered."""
    row, k = repeat_ranks(invoices.charges)
    failed = k < invoices.failures[row]
    created = invoices.created[row]
    wait = np.array([0, 3, 5, 9])[np.minimum(k, 3)] * DAY_US + 5 * 60 * SECOND_US
    when = created + np.where(failed, wait, 30 * 60 * SECOND_US)
    when = np.where(invoices.late[row] & ~failed, invoices.answered[row] - 60 * SECOND_US, when)
    when = np.where(invoices.stumbles[row] & ~failed, created + 26 * HOUR_US, when)
    status = np.where(failed, 1, np.where(invoices.pends[row], 2, 0))
    cause = np.where(failed, (3 * invoices.u[1][row]).astype(int), -1)
    keep = when <= calendar.export
    row, when, status, cause = row[keep], when[keep], status[keep], cause[keep]
    number = base + np.arange(len(row))
    columns = {
        "id": ids("ch", number),
        "customer_id": ids("cus", customer[row]),
        "invoice_id": ids("inv", base + row),
        "amount": integers(invoices.amount[row]),
        "currency": pick(["usd"], np.zeros(len(row))),
        "status": pick(("succeeded", "failed", "pending"), status),
        "failure_code": pick(_FAILURES, cause),
        "created": times(when),
    }
    return _Charges(row, number, when, status), {"columns": columns, "seen": when}


def _refund_table(charges: _Charges, amount: np.ndarray, calendar: Calendar, base: int, rng) -> dict:
    """Write refunds of some charges, whole or in part; at least one of each block is still pending."""
    w = rng.random((4, len(charges.number)))
    given = np.flatnonzero((charges.status == 0) & (w[0] < 0.013))
    when = charges.when[given] + ((0.1 + 18 * w[1, given]) * DAY_US).astype(np.int64)
    given, when = given[when <= calendar.export], when[when <= calendar.export]
    part = np.where(w[2, given] < 0.5, 1.0, 0.2 + 0.6 * w[3, given])
    status = np.where(w[3, given] < 0.86, 0, np.where(w[3, given] < 0.94, 1, 2))
    status[:1] = 1
    charged = amount[charges.invoice[given]]
    columns = {
        "id": ids("re", base + np.arange(len(given))),
        "charge_id": ids("ch", charges.number[given]),
        "amount": integers(np.maximum((charged * part).astype(int), 1)),
        "currency": pick(["usd"], np.zeros(len(given))),
        "status": pick(("succeeded", "pending", "failed"), status),
        "created": times(when),
    }
    return {"columns": columns, "seen": when}
