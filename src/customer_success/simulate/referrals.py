"""Referrals between households, the code of each, and what is granted for it."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa

from .clock import DAY_US, HOUR_US, NAT, NEVER, Calendar
from .columns import LOCAL, ids, pick, times
from .latent import LOG_BUY, LOG_CONVERT, Latent
from .population import Population

KINDS = ("ordinary", "shared_user", "same_address", "pending")
ORDINARY, SHARED_USER, SAME_ADDRESS, PENDING = range(4)
CREDIT, PREMIUM_MONTH = 10.0, 9.99  # what a referral brings the two sides, in dollars
_REFERRED, _PENDING, _OF_ONE_USER, _OF_ONE_ADDRESS = 0.14, 0.10, 0.60, 0.06


def tables(people: Population, latent: Latent, calendar: Calendar, block: int, created, rng) -> dict:
    """Return codes, referrals and credits of a block, and how each referral came about.

    ``created`` are the moments at which the households of the block signed up.
    """
    referrer, referred, kind, when = _pairs(people, latent, calendar, created, rng)
    number = block * LOCAL + np.arange(len(referrer))
    u = rng.random((3, len(referrer)))
    named = u[0] < 0.5  # the others are known by their code alone
    coded = ~named | (u[1] < 0.7)
    refer = {
        "id": ids("ref", number),
        "referrer_household_id": ids("hh", np.where(named, people.number[referrer], -1)),
        "referral_code": _codes(np.where(coded, people.number[referrer], -1)),
        "referred_household_id": ids("hh", np.where(kind == PENDING, -1, people.number[referred])),
        "created_at": times(when),
    }
    seen = np.where(kind == PENDING, when, np.maximum(when, created[referred]))
    how = {
        "referral_id": refer["id"],
        "referrer_household_id": ids("hh", people.number[referrer]),
        "referred_household_id": refer["referred_household_id"],
        "kind": pick(KINDS, kind),
    }
    return {
        "cs.referral_codes": _issued(people, calendar, created, referrer[coded], when[coded], rng),
        "cs.referrals": {"columns": refer, "seen": seen},
        "cs.credits": _credits(people, latent, calendar, block, (referrer, referred, kind, refer["id"]), rng),
        "truth": {"referrals": pa.table(how)},
    }


def same_address(users: dict, people: Population, how: pa.Table) -> pa.Array:
    """Return the users' addresses; the owner of a household that referred itself has its own with a tag."""
    address = dict(zip(users["id"].to_pylist(), users["email"].to_pylist(), strict=True))
    homes, owners = ids("hh", people.number).to_pylist(), ids("usr", people.member_user[:, 0]).to_pylist()
    owner = dict(zip(homes, owners, strict=True))
    for row in how.to_pylist():
        if row["kind"] == KINDS[SAME_ADDRESS]:
            name, domain = address[owner[row["referrer_household_id"]]].split("@")
            address[owner[row["referred_household_id"]]] = f"{name.capitalize()}+pets@{domain.upper()}"
    return pa.array(list(address.values()), pa.string())


def _pairs(people, latent, calendar, created, rng) -> tuple[np.ndarray, ...]:
    """Return referrer, referred (both rows of the block), kind and moment of each referral."""
    n = len(people)
    here = created <= calendar.export
    u = rng.random((5, n))
    other = (u[0] * n).astype(int)
    rows = np.arange(n)
    shares = np.r_[False, ~people.member_new_user[1:, 1] & (people.member_from[1:, 1] < NEVER)]
    before = np.where(shares & (u[1] < _OF_ONE_USER), np.maximum(rows - 1, 0), other)
    kind = np.where(before == other, ORDINARY, SHARED_USER)
    chosen = (u[2] < _REFERRED) | (kind == SHARED_USER)
    kind = np.where((kind == ORDINARY) & (u[3] < _OF_ONE_ADDRESS), SAME_ADDRESS, kind)
    known = created[before] + 21 * DAY_US < created
    closed = _closed(latent, n)
    chosen &= here & known & (closed[before] > calendar.day(created))
    when = created - HOUR_US - (u[4] * 20 * DAY_US).astype(np.int64)
    invites = rng.random((2, n))
    asks = here & (invites[0] < _PENDING)
    asked = created + ((1 + 300 * invites[1]) * DAY_US).astype(np.int64)
    asks &= (asked <= calendar.export) & (calendar.day(asked) < closed)
    referrer = np.r_[before[chosen], rows[asks]]
    referred = np.r_[rows[chosen], rows[asks]]
    kinds = np.r_[kind[chosen], np.full(asks.sum(), PENDING)]
    return referrer, referred, kinds, np.r_[when[chosen], asked[asks]]


def _closed(latent: Latent, n: int) -> np.ndarray:
    """Return the day on which each household leaves for the first time, NEVER if it stays."""
    left = np.full(n, NEVER)
    np.minimum.at(left, latent.spells["household"], latent.spells["left"])
    return left


def _codes(number: np.ndarray) -> pa.Array:
    return ids("code", number)


def _issued(people, calendar, created, users, used, rng) -> dict:
    """Codes of those who used them, issued before, and of a few others."""
    n = len(people)
    u = rng.random((2, n))
    first = np.full(n, calendar.export + 1)
    np.minimum.at(first, users, used)
    some = (u[0] < 0.2) & (created + 31 * DAY_US <= calendar.export)
    owns = some | (first <= calendar.export)
    at = np.minimum(created + ((1 + 29 * u[1]) * DAY_US).astype(np.int64), first - HOUR_US)
    at = np.maximum(at, created)[owns]
    columns = {
        "household_id": ids("hh", people.number[owns]),
        "referral_code": _codes(people.number[owns]),
        "issued_at": times(at),
    }
    return {"columns": columns, "seen": at}


def _credits(people, latent, calendar, block, referrals, rng) -> dict:
    """Rewards of most referrals whose household paid for long enough, and some goodwill."""
    referrer, referred, kind, key = referrals
    n = len(people)
    first = np.full(n, NEVER)
    pays = np.isin(latent.log["kind"], (LOG_BUY, LOG_CONVERT))
    np.minimum.at(first, latent.log["household"][pays], latent.log["day"][pays])
    u = rng.random((2, len(referrer)))
    paid = first[referred]
    granted = (kind == ORDINARY) & (paid < NEVER) & (u[0] < 0.6)
    at = calendar.us(paid + 32) + (u[1] * 20 * DAY_US).astype(np.int64)
    granted &= at <= calendar.export
    chosen = np.flatnonzero(granted)
    goodwill = np.flatnonzero(rng.random(n) < 0.02)
    when = calendar.us(people.start[goodwill] + 20) + 10 * HOUR_US
    goodwill, when = goodwill[when <= calendar.export], when[when <= calendar.export]
    owner = np.r_[referrer[chosen], referred[chosen], goodwill]
    moment = np.r_[at[chosen], at[chosen], when]
    names = key.take(pa.array(chosen)).to_pylist()
    references = [_reward(name, side) for side in ("referral", "referred") for name in names]
    total = np.r_[np.full(len(chosen), CREDIT), np.full(len(chosen), PREMIUM_MONTH), np.full(len(when), 5.0)]
    reason = np.r_[np.zeros(len(chosen)), np.ones(len(chosen)), np.full(len(when), 2)].astype(int)
    columns = {
        "id": ids("crd", block * LOCAL + np.arange(len(owner))),
        "household_id": ids("hh", people.number[owner]),
        "amount": pa.array(total),
        "currency": pa.array(["usd"] * len(owner), pa.string()),
        "reason": pick(("referral", "referred", "goodwill"), reason),
        "reference_id": pa.array(references + [None] * len(when), pa.string()),
        "created_at": times(moment),
        "expires_at": times(np.where(reason < 2, moment + 365 * DAY_US, NAT)),
    }
    return {"columns": columns, "seen": moment}


def _reward(referral: str, side: str) -> str:
    """Return the id of a reward as the project states it: md5 of its kind and its referral."""
    return hashlib.md5(f"{side}|{referral}".encode()).hexdigest()
