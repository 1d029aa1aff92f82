"""The CSM of each customer: owners of the CRM stay, the others go to the CSM with the fewest households."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
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


def assign(
    customers: Iterable[Customer],
    managers: Iterable[Manager],
    rules: JourneyRules,
    plans: Sequence[str] = ("Free", "Premium", "Enterprise"),
) -> dict[str, Assignment]:
    """Return the assignment of each customer; ``plans`` are by rank, the first one has no person."""
    staff = {manager.owner_id: manager for manager in managers}
    found: dict[str, Assignment] = {}
    load: Counter[str | None] = Counter()
    waiting = []
    for one in customers:
        if one.plan == plans[0]:
            found[one.household_id] = Assignment(None, "automated_cs", "free_plan")
        elif one.crm_owner in staff:
            found[one.household_id] = Assignment(one.crm_owner, "keeps_owner", "owner_in_crm")
            load[one.crm_owner] += 1
        else:
            waiting.append(one)
    for one in sorted(waiting, key=lambda customer: _turn(customer, plans)):
        found[one.household_id] = _chosen(one, staff.values(), load, rules)
        load[found[one.household_id].owner_id] += 1
    return found


def _turn(one: Customer, plans: Sequence[str]) -> tuple:
    """Return the place in the queue: higher plans first, then higher MRR; what is unknown comes last."""
    rank = -1 if one.plan is None else plans.index(one.plan)
    return -rank, one.mrr is None, -(one.mrr or 0), one.household_id


def _chosen(
    one: Customer, staff: Iterable[Manager], load: Mapping[str | None, int], rules: JourneyRules
) -> Assignment:
    """Return the CSM with the fewest households of those who fit, or why nobody does."""
    of_plan = [manager for manager in staff if _looks_after(manager, one.plan, rules)]
    near = [manager for manager in of_plan if _is_near(manager, one.region)]
    free = [manager for manager in near if load[manager.owner_id] < (manager.size or 0)]
    if free:
        chosen = min(free, key=lambda manager: (load[manager.owner_id], manager.owner_id))
        return Assignment(
            chosen.owner_id, "assigned", "owner_has_left" if one.crm_owner else "no_owner_in_crm"
        )
    if near:
        return Assignment(None, "unassigned", "no_portfolio_left")
    return Assignment(None, "unassigned", "no_csm_for_region" if of_plan else "no_csm_for_plan")


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
