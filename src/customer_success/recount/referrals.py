"""Referrals, their rewards and the points of advocates: rules on rows of the whole company.

Days count from 1970-01-01; amounts, points and waiting days are those of the vars and seeds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from .households.growth import address_of
from .households.rules import Rules
from .households.values import day_number


class Referral(NamedTuple):
    """A raw referral that holds."""

    id: str
    referrer: str
    referred: str | None
    at: pd.Timestamp


class Invoice(NamedTuple):
    """A paid invoice, with (day, amount) of the refunds of its charges that succeeded."""

    day: int
    paid: float
    refunds: tuple[tuple[int, float], ...] = ()

    def stands(self, last: int, wait: int) -> bool:
        """Return whether something of it is left of its refunds after the days of waiting, or by ``last``."""
        until = min(self.day + wait, last)
        return self.paid > 0 and self.paid > sum(amount for day, amount in self.refunds if day <= until)


@dataclass(frozen=True)
class Company:
    """What referrals are judged by.

    ``addresses``: of the people who were ever members of a household, by user (None: unknown); ``credited``:
    the references of credits granted by then.
    """

    last: int
    signup: dict[str, int]
    addresses: dict[str, dict[str, str | None]]
    pays: Callable[[str, int], bool]
    first_paying: Callable[[str, int], int | None]
    invoices: dict[str, list[Invoice]]
    credited: frozenset[str]
    rules: Rules

    def enabled(self, program: str) -> list[dict[str, str]]:
        """Return the rewards of a program that are switched on."""
        rows = self.rules.rows("growth/growth_rewards")
        return [row for row in rows if row["program"] == program and row["is_enabled"] == "true"]


def is_self(one: Referral, company: Company) -> bool:
    """Return whether both households share a person or an address."""
    if one.referred is None:
        return False
    mine, theirs = (company.addresses.get(home, {}) for home in (one.referrer, one.referred))
    if one.referrer == one.referred or mine.keys() & theirs.keys():
        return True
    known = [{address_of(a) for a in side.values()} - {None} for side in (mine, theirs)]
    return bool(known[0] & known[1])


def needs_review(one: Referral, company: Company) -> bool:
    """Return whether both households have people at one domain that is not public."""
    if one.referred is None:
        return False
    hosts = []
    for home in (one.referrer, one.referred):
        plain = [address_of(a) for a in company.addresses.get(home, {}).values()]
        hosts.append({a.rpartition("@")[2] for a in plain if a} - company.rules.public_domains)
    return bool(hosts[0] & hosts[1])


def converted_on(one: Referral, company: Company) -> int | None:
    """Return the first day on or after the referral on which a household pays that did not before."""
    day = day_number(one.at)
    if one.referred is None or company.pays(one.referred, day - 1):
        return None
    found = company.first_paying(one.referred, day)
    return found if found is not None and found <= company.last else None


def reward_due_on(one: Referral, company: Company) -> int | None:
    """Return the day on which rewards fall due; None where none ever will, as far as is known."""
    if is_self(one, company) or converted_on(one, company) is None:
        return None
    day = day_number(one.at)
    wait = company.rules.whole("reward_wait_days")
    paid = sorted(
        i for i in company.invoices.get(one.referred, ()) if i.day >= day and i.stands(company.last, wait)
    )
    return paid[0].day + wait if paid else None


def reward_id(kind: str, referral: str) -> str:
    """Return the stable id of a reward."""
    return hashlib.md5(f"{kind}|{referral}".encode()).hexdigest()


def row_of(one: Referral, company: Company) -> dict:
    """Make the row of a referral."""
    signed_up = company.signup.get(one.referred)
    converted = converted_on(one, company)
    status = "pending" if signed_up is None else "signed_up" if converted is None else "converted"
    if reward_id("referral", one.id) in company.credited:
        status = "rewarded"
    return {
        "referral_id": one.id,
        "referrer_household_id": one.referrer,
        "referred_household_id": one.referred,
        "created_at": one.at,
        "signed_up_at": signed_up,
        "converted_at": converted,
        "status": status,
        "is_self_referral": is_self(one, company),
        "needs_review": needs_review(one, company),
        "reward_due_at": reward_due_on(one, company),
    }


def rewards(referrals: Iterable[Referral], company: Company) -> Iterator[dict]:
    """Yield the rewards that fell due, of both sides."""
    for one in referrals:
        due = reward_due_on(one, company)
        if due is None or due > company.last:
            continue
        for row in company.enabled("referral"):
            kind, name = row["reward"], reward_id(row["reward"], one.id)
            is_old = company.last > due + company.rules.whole("reward_valid_days")
            yield {
                "reward_id": name,
                "household_id": one.referrer if kind == "referral" else one.referred,
                "kind": kind,
                "amount": float(row["amount"]) if row["amount"] else None,
                "months": int(row["months"]) if row["months"] else None,
                "due_at": due,
                "status": "granted" if name in company.credited else "expired" if is_old else "due",
            }


def leaderboard(referrals: Iterable[Referral], company: Company) -> Iterator[dict]:
    """Yield the households whose referrals converted in its days; equal counts share a place."""
    days = company.rules.whole("leaderboard_days")
    counted: dict[str, list[pd.Timestamp]] = {}
    for one in referrals:
        day = converted_on(one, company)
        if day is not None and day > company.last - days and not is_self(one, company):
            counted.setdefault(one.referrer, []).append(one.at)
    for home, moments in counted.items():
        yield {
            "place": 1 + sum(len(other) > len(moments) for other in counted.values()),
            "household_id": home,
            "successful_referrals": len(moments),
            "last_referral_at": max(moments),
        }


def advocates(
    referrals: Iterable[Referral],
    activities: Iterable[tuple[str, str, int]],
    spent: Iterable[tuple[str, str]],
    company: Company,
) -> Iterator[dict]:
    """Yield who earned points. ``activities``: (household, activity, day); ``spent``: (household, reason)."""
    rows_of = company.rules.rows
    worth = {
        row["activity"]: int(row["points"])
        for row in rows_of("growth/advocacy_points")
        if row["is_enabled"] == "true"
    }
    tiers = sorted(
        ((int(row["min_points"]), row["tier"]) for row in rows_of("growth/advocate_tiers")), reverse=True
    )
    prices = {
        f"advocacy:{row['reward']}": int(row["points"])
        for row in rows_of("growth/growth_rewards")
        if row["program"] == "advocacy"
    }
    done = [(home, activity, day) for home, activity, day in activities if activity != "referral"]
    for one in referrals:
        day = converted_on(one, company)
        if day is not None and not is_self(one, company):
            done.append((one.referrer, "referral", day))
    earned: dict[str, list[tuple[int, int]]] = {}
    for home, activity, day in done:
        if activity in worth:
            earned.setdefault(home, []).append((day, worth[activity]))
    costs: dict[str, int] = {}
    for home, reason in spent:
        costs[home] = costs.get(home, 0) + prices.get(reason or "", 0)
    for home, rows in earned.items():
        points = sum(value for _, value in rows)
        yield {
            "household_id": home,
            "points_earned": points,
            "points_spent": costs.get(home, 0),
            "points": points - costs.get(home, 0),
            "tier": next(name for least, name in tiers if points >= least),
            "since": min(day for day, _ in rows),
        }
