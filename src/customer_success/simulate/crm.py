"""HubSpot companies, contacts and engagements, and the check-ins of customer success."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .clock import DAY_US, HOUR_US, NAT, NEVER, SECOND_US, Calendar
from .columns import LOCAL, ids, integers, join, pick, times, until
from .latent import SHOCK_CHAMPION, Latent
from .population import Population
from .text import people_names

OWNERS = 9
ROLES = ("champion", "decision_maker", "executive", "user")
TYPES = ("email", "webinar", "download", "meeting", "call", "outreach")
EVENTS = ("sent", "opened", "clicked", "invited", "held", "attended", "downloaded", "replied")
_TEMPLATES = ("newsletter", "care_tips", "new_features", "renewal_notice", "win_back")
_CHECK_INS = ("scheduled", "onboarding", "risk", "renewal")


def owners(calendar: Calendar) -> dict[str, dict]:
    """Customer success managers; each covers one or two regions."""
    k = np.arange(OWNERS)
    regions = ("US", "EU", "APAC", "US,EU", "EU,APAC")
    return {
        "hubspot.owner": {
            "columns": {
                "id": ids("own", k + 1),
                "email": join("csm", pa.array(k + 1).cast(pa.string()), "@petforce.example"),
                "full_name": people_names(k * 31 + 5),
                "role": pick(("CSM", "Senior CSM", "CSM Manager"), np.minimum(k % 4, 2)),
                "specialization": pick(("enterprise", "onboarding", "renewals"), k % 3),
                "regions": pick(regions, k % 5),
                "portfolio_size": integers(25 + 5 * (k % 4)),
            },
            "seen": np.full(OWNERS, int(calendar.us(np.int64(0)))),
        }
    }


def tables(people: Population, latent: Latent, calendar: Calendar, block: int, rng) -> dict[str, dict]:
    """Companies exist for business accounts and for every household that ever subscribed.

    Only business accounts (nearly all of them) have a manager and contacts.
    """
    base, n = block * LOCAL, len(people)
    ever = np.zeros(n, dtype=bool)
    ever[latent.log["household"][latent.log["day"] <= calendar.days]] = True
    created = calendar.us(people.start) + (people.start_second + 3_600) * SECOND_US
    in_crm = (ever | people.business) & (created <= calendar.export)
    u = rng.random((6, n))
    managed = in_crm & people.business & (u[0] < 0.96)
    regional = np.array([[0, 3, 5, 8], [1, 4, 6, 3], [2, 4, 7, 2]])[people.region]
    owner = regional[np.arange(n), (4 * u[1]).astype(int)] + 1
    assigned = created + ((0.2 + 6 * u[2]) * DAY_US).astype(np.int64)
    company = np.flatnonzero(in_crm)
    has_manager = managed[company]
    out = {
        "hubspot.company": {
            "columns": {
                "id": ids("com", people.number[company]),
                "household_id": ids("hh", people.number[company]),
                "owner_id": ids("own", np.where(has_manager, owner[company], -1)),
                "assigned_at": times(np.where(has_manager, assigned[company], NAT)),
            },
            "seen": created[company],
        }
    }
    contacts, has_executive = _contacts(people, latent, calendar, managed, created, u)
    out["hubspot.contact"] = contacts
    out["hubspot.engagement"] = _engagements(
        people, latent, calendar, in_crm, managed, has_executive, base, rng
    )
    out["cs.check_ins"] = _check_ins(people, latent, calendar, managed, base, rng)
    return out


def _contacts(people, latent, calendar, managed, created, u) -> tuple[dict, np.ndarray]:
    """Champion, decision maker, executive and user; a champion who leaves is often replaced."""
    row, week = np.nonzero((latent.shock == SHOCK_CHAMPION) & managed[:, None])
    first = np.r_[True, row[1:] != row[:-1]][: len(row)]
    row, week = row[first], week[first]
    left = np.full(len(people), NAT)
    left[row] = calendar.us(7 * week - calendar.offset + 1) + 15 * HOUR_US
    left = np.where(left < created + DAY_US, np.where(left == NAT, NAT, created + DAY_US), left)
    has_champion = managed & ((u[3] < 0.85) | (left != NAT))
    has_executive = managed & (u[4] < 0.5)
    replaced = has_champion & (left != NAT) & (u[5] < 0.6)
    kinds = (
        (has_champion, 0, created, left),
        (managed, 1, created + DAY_US, np.full(len(people), NAT)),
        (has_executive, 2, created + 2 * DAY_US, np.full(len(people), NAT)),
        (managed & (u[5] > 0.3), 3, created + DAY_US, np.full(len(people), NAT)),
        (replaced, 0, np.where(left == NAT, 0, left) + 30 * DAY_US, np.full(len(people), NAT)),
    )
    house = np.concatenate([np.flatnonzero(k[0]) for k in kinds])
    number = np.concatenate([people.number[k[0]] * 10 + i for i, k in enumerate(kinds)])
    role = np.concatenate([np.full(int(k[0].sum()), k[1]) for k in kinds])
    begin = np.concatenate([k[2][k[0]] for k in kinds])
    end = until(np.concatenate([k[3][k[0]] for k in kinds]), calendar.export)
    keep = begin <= calendar.export
    order = np.lexsort((number, house))
    order = order[keep[order]]
    house, number, role, begin, end = (a[order] for a in (house, number, role, begin, end))
    table = {
        "columns": {
            "id": ids("con", number),
            "company_id": ids("com", people.number[house]),
            "email": join(ids("con", number), "@example.org"),
            "full_name": people_names(number),
            "buying_role": pick(ROLES, role),
            "created_at": times(begin),
            "left_at": times(end),
        },
        "seen": np.maximum(begin, end),
    }
    return table, has_executive


def _engagements(people, latent, calendar, in_crm, managed, has_executive, base, rng) -> dict:
    """Marketing and success touches by week; whether they are answered depends on effort."""
    row, week = _reachable(people, latent, calendar, in_crm)
    effort = latent.effort[row, week].astype(int)  # -1: away
    u = rng.random((12, len(row)))
    business = managed[row]
    mondays = 7 * week - calendar.offset
    sent_at = calendar.us(mondays) + (u[0] * 5 * DAY_US).astype(np.int64) + 9 * HOUR_US
    steps = _steps(effort, business, u)
    at = np.concatenate([np.flatnonzero(happens) for happens, *_ in steps])
    size = [int(happens.sum()) for happens, *_ in steps]
    kind, event, hours, message = (np.repeat([step[i] for step in steps], size) for i in (1, 2, 3, 4))
    when = sent_at[at] + (hours * HOUR_US).astype(np.int64)
    house = row[at]
    executive = has_executive[row] & (u[10] < 0.3)
    role = np.where(kind == 3, np.where(executive[at], 2, 1), 3)
    contact = np.where(business[at] & (role != 3), people.number[house] * 10 + role, -1)
    contact = np.where(business[at] & (kind == 5), people.number[house] * 10 + 1, contact)
    keep = (when <= calendar.export) & (when > calendar.us(people.start[house]) + DAY_US)
    order = np.lexsort((event, when, house))
    order = order[keep[order]]
    at, kind, event, when, house, message, contact = (
        a[order] for a in (at, kind, event, when, house, message, contact)
    )
    with_message = message.astype(bool)
    return {
        "columns": {
            "id": ids("eng", base + np.arange(len(at))),
            "company_id": ids("com", people.number[house]),
            "contact_id": ids("con", contact),
            "type": pick(TYPES, kind),
            "event": pick(EVENTS, event),
            "message_id": ids("msg", np.where(with_message, base + at, -1)),
            "template": pick(_TEMPLATES, np.where(with_message, at % 5, -1)),
            "occurred_at": times(when),
        },
        "seen": when,
    }


def _reachable(people, latent, calendar, in_crm) -> tuple[np.ndarray, np.ndarray]:
    """Return household and week of those that can be reached: signed up, in the CRM, not closed."""
    n, weeks = latent.effort.shape
    mondays = 7 * np.arange(weeks) - calendar.offset
    started = mondays[None, :] + 6 > people.start[:, None]
    spells = latent.spells
    closed = np.full(n, NEVER)
    shut = spells["type"] == 0
    closed[spells["household"][shut]] = spells["left"][shut]
    reachable = started & (mondays[None, :] > 0) & (mondays[None, :] < closed[:, None])
    reachable &= (mondays <= calendar.days)[None, :] & in_crm[:, None]
    return np.nonzero(reachable)


def _steps(effort: np.ndarray, business: np.ndarray, u: np.ndarray) -> tuple[tuple, ...]:
    """List what may happen in a week: (where it does, type, event, hours after, with a message)."""
    opens = np.array([0.52, 0.40, 0.22, 0.08, 0.02])[effort]
    comes = np.array([0.60, 0.45, 0.22, 0.08, 0.0])[effort]
    mailed = u[1] < np.where(business, 0.50, 0.35)
    opened = mailed & (u[2] < opens)
    clicked = opened & (u[3] < 0.30)
    invited = business & (u[4] < 0.06)
    downloads = u[5] < np.where(business, 0.10, 0.02) * comes * 2
    planned = business & (u[6] < 0.09)
    reached_out = business & (u[7] < np.where(effort == -1, 0.06, np.where(effort >= 2, 0.16, 0.03)))
    called = business & (u[8] < 0.03)
    show = u[9] < comes
    return (
        (mailed, 0, 0, 0.0, True),
        (opened, 0, 1, 5.0, True),
        (clicked, 0, 2, 5.1, True),
        (invited, 1, 3, 20.0, False),
        (invited & show, 1, 5, 60.0, False),
        (downloads, 2, 6, 30.0, False),
        (planned, 3, 3, 2.0, False),
        (planned & (show | (u[11] < 0.15)), 3, 4, 50.0, False),
        (planned & show, 3, 5, 50.5, False),
        (called, 4, 4, 33.0, False),
        (reached_out, 5, 0, 26.0, False),
        (reached_out & (u[9] < comes * 0.9), 5, 7, 44.0, False),
    )


def _check_ins(people, latent, calendar, managed, base, rng) -> dict:
    """About monthly conversations with managed accounts, more often with drifting ones."""
    row, week = np.nonzero(latent.alive & managed[:, None])
    u = rng.random((4, len(row)))
    effort = latent.effort[row, week]
    drawn = u[0] < np.where(effort >= 2, 0.30, 0.20)
    row, week, effort, u = row[drawn], week[drawn], effort[drawn], u[:, drawn]
    monday = 7 * week - calendar.offset
    when = calendar.us(monday) + ((u[1] * 4.9) * DAY_US).astype(np.int64)
    keep = (when <= calendar.export) & (when > calendar.us(people.start[row] + 1))
    young = monday - people.start[row] < 45
    kind = np.where(young, 1, np.where(effort >= 2, 2, np.where(u[2] < 0.15, 3, 0)))
    row, when, kind, u = row[keep], when[keep], kind[keep], u[:, keep]
    return {
        "columns": {
            "id": ids("chk", base + np.arange(len(row))),
            "household_id": ids("hh", people.number[row]),
            "check_in_at": times(when),
            "check_in_type": pick(_CHECK_INS, kind),
            "initiated_by": pick(("csm", "customer"), u[3] < 0.2),
        },
        "seen": when,
    }
