"""Who looks after whom: owners of the CRM stay, the others go to the CSM with the fewest households."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .journey_rules import JourneyRules


class Customer(NamedTuple):
    """A customer of as_of_date; plan, region or MRR None: unknown."""

    household_id: str
    plan: str | None
    region: str | None
    mrr: Decimal | Fraction | None
    crm_owner: str | None


class Manager(NamedTuple):
    """A person of the CRM; ``regions`` in any spelling, ``size`` None: nobody said how many."""

    owner_id: str
    role: str | None
    specialization: str | None
    regions: Collection[str]
    size: int | None


class Assignment(NamedTuple):
    """The owner of a customer, and how that came."""

    owner_id: str | None
    kind: str


FREE = "Free"
ORDER = ("Enterprise", "Premium", None)  # who is served first; an unknown plan is last


def assign(
    customers: Iterable[Customer], managers: Iterable[Manager], rules: JourneyRules
) -> dict[str, Assignment]:
    """Return the assignment of each customer."""
    staff = {manager.owner_id: manager for manager in managers}
    found: dict[str, Assignment] = {}
    load: Counter[str] = Counter()
    waiting = []
    for one in customers:
        if one.plan == FREE:
            found[one.household_id] = Assignment(None, "automated_cs")
        elif one.crm_owner in staff:
            found[one.household_id] = Assignment(one.crm_owner, "keeps_owner")
            load[one.crm_owner] += 1
        else:
            waiting.append(one)
    for one in sorted(waiting, key=_turn):
        free = [m for m in staff.values() if load[m.owner_id] < (m.size or 0) and _fits(m, one, rules)]
        chosen = min(free, key=lambda m: (load[m.owner_id], m.owner_id), default=None)
        if chosen is None:
            found[one.household_id] = Assignment(None, "unassigned")
        else:
            found[one.household_id] = Assignment(chosen.owner_id, "assigned")
            load[chosen.owner_id] += 1
    return found


def _turn(one: Customer) -> tuple:
    return ORDER.index(one.plan), one.mrr is None, -(one.mrr or 0), one.household_id


def _fits(manager: Manager, one: Customer, rules: JourneyRules) -> bool:
    """Return whether somebody looks after customers of that plan and region."""
    if (manager.role or "").strip().lower() not in rules.csm_roles:
        return False
    regions = {region.strip().lower() for region in manager.regions}
    if one.region is None or one.region.strip().lower() not in regions:
        return False
    return one.plan is None or (manager.specialization or "").strip().lower() in rules.specializations.get(
        one.plan, frozenset()
    )
