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
    reason: str


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
            found[one.household_id] = Assignment(None, "automated_cs", "free_plan")
        elif one.crm_owner in staff:
            found[one.household_id] = Assignment(one.crm_owner, "keeps_owner", "owner_in_crm")
            load[one.crm_owner] += 1
        else:
            waiting.append(one)
    for one in sorted(waiting, key=_turn):
        of_plan = [m for m in staff.values() if _looks_after(m, one.plan, rules)]
        near = [m for m in of_plan if _is_near(m, one.region)]
        free = [m for m in near if load[m.owner_id] < (m.size or 0)]
        chosen = min(free, key=lambda m: (load[m.owner_id], m.owner_id), default=None)
        if chosen is None:
            why = (
                "no_csm_for_plan" if not of_plan else "no_csm_for_region" if not near else "no_portfolio_left"
            )
            found[one.household_id] = Assignment(None, "unassigned", why)
        else:
            why = "owner_has_left" if one.crm_owner else "no_owner_in_crm"
            found[one.household_id] = Assignment(chosen.owner_id, "assigned", why)
            load[chosen.owner_id] += 1
    return found


def _turn(one: Customer) -> tuple:
    return ORDER.index(one.plan), one.mrr is None, -(one.mrr or 0), one.household_id


def _looks_after(manager: Manager, plan: str | None, rules: JourneyRules) -> bool:
    """Return whether somebody is a CSM for a plan; one for any plan may have a customer of an unknown one."""
    if (manager.role or "").strip().lower() not in rules.csm_roles:
        return False
    wanted = rules.specializations.get(plan, frozenset())
    return plan is None or (manager.specialization or "").strip().lower() in wanted


def _is_near(manager: Manager, region: str | None) -> bool:
    """Return whether somebody looks after a region; an unknown one is nobody's."""
    regions = {one.strip().lower() for one in manager.regions}
    return region is not None and region.strip().lower() in regions
