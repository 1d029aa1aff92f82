"""The households of a block: static attributes, members and pets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import NEVER, Calendar
from .columns import choose
from .parameters import BLOCK, MEMBER_SLOTS, PET_SLOTS, Config

SURE_TO_CLOSE = 17  # position in each block of one household that closes on its signup day
_PEAKS = np.array([0.0, 18.5, 11.0])  # hour (UTC) by region in which most is done
START_FREE, START_TRIAL, START_PREMIUM, START_ENTERPRISE = range(4)


@dataclass
class Population:
    """Arrays of n households; members (n, MEMBER_SLOTS) and pets (n, PET_SLOTS) by day index.

    A slot that is not used has NEVER as its first day.
    """

    number: np.ndarray  # 1-based number of the household in the data set
    fit: np.ndarray  # standard normal, latent
    business: np.ndarray
    region: np.ndarray
    start: np.ndarray  # day of signup
    start_second: np.ndarray
    start_plan: np.ndarray
    closes_at_once: np.ndarray
    members0: np.ndarray
    pets0: np.ndarray
    member_from: np.ndarray
    member_to: np.ndarray  # day of leaving, NEVER if not
    member_user: np.ndarray  # number of the app user
    member_new_user: np.ndarray  # whether the slot brings a user of its own
    member_weight: np.ndarray
    pet_from: np.ndarray
    pet_to: np.ndarray
    pace: np.ndarray  # the household's own multiplier of event counts
    peak_hour: np.ndarray  # (n, MEMBER_SLOTS) UTC

    def __len__(self) -> int:
        return len(self.number)


def populate(config: Config, calendar: Calendar, block: int, rng: np.random.Generator):
    """Draw the households of a block (all BLOCK of them, cut to the requested number at the end).

    A quarter signs up in the first six weeks (the launch), the others evenly over the window.
    """
    n, days, rows = BLOCK, calendar.days, np.arange(BLOCK)
    u = rng.random((9, n))
    fit = rng.standard_normal(n)
    number = block * BLOCK + 1 + rows
    business = u[0] < config.story.business_share
    launch = u[1] < 0.25
    start = np.where(launch, 42 * u[2] ** 1.5, (days + 0.5) * u[2]).astype(np.int64)
    consumer_start = choose(u[3], (0.76, 0.17, 0.065, 0.005))
    start_plan = np.where(business, choose(u[3], (0.05, 0.10, 0.12, 0.73)), consumer_start)
    small = np.array([0.28, 0.38, 0.34])
    large = np.array([0.10, 0.24, 0.26, 0.22, 0.11, 0.07])
    members0 = 1 + np.where(start_plan == START_FREE, choose(u[4], small), choose(u[4], large))
    members0 = np.where(business, np.maximum(members0, 2), members0)
    pets0 = 1 + choose(u[5], (0.48, 0.31, 0.14, 0.07))
    members = _members(number, start, members0, start_plan == START_FREE, u[6], rng)
    pets = _pets(start, pets0, rng)
    region = choose(u[7], config.story.region_shares)
    everything = Population(
        number=number,
        fit=fit,
        business=business,
        region=region,
        start=start,
        start_second=(np.where(start < days, 86_000, 43_000) * rng.random(n)).astype(np.int64),
        start_plan=start_plan,
        closes_at_once=(u[8] < config.story.leaving.closed_on_signup) | (rows == SURE_TO_CLOSE),
        members0=members0,
        pets0=pets0,
        **members,
        **pets,
        pace=np.exp(0.3 * rng.standard_normal(n)),
        peak_hour=_PEAKS[region][:, None] + 2.0 * rng.standard_normal((n, MEMBER_SLOTS)),
    )
    keep = number <= config.households
    if keep.all():
        return everything
    return Population(**{name: array[keep] for name, array in vars(everything).items()})


def _members(number, start, members0, is_free, u, rng) -> dict[str, np.ndarray]:
    """Draw the members and their dates; the last slot is for one who comes back.

    Now and then the second member is also a member of the household before (``u``, uniform, decides where).
    """
    n, rows, slot = len(number), np.arange(len(number)), np.arange(MEMBER_SLOTS)
    v = rng.random((6, n, MEMBER_SLOTS))
    initial = slot < members0[:, None]
    member_from = np.where(initial, start[:, None] + (9 * v[0] ** 2).astype(np.int64), NEVER)
    later = (slot == members0[:, None]) & (slot < 6) & (v[1] < 0.16)
    later &= ~(is_free & (members0 >= 3))[:, None]
    member_from = np.where(later, start[:, None] + 10 + (300 * v[0]).astype(np.int64), member_from)
    member_from[:, 0] = start
    leaves = (v[2] < 0.09) & (slot > 0) & (member_from < NEVER)
    stay = 15 + np.floor(-220 * np.log1p(-v[3])).astype(np.int64)
    member_to = np.where(leaves, member_from + stay, NEVER)
    member_user = number[:, None] * 10 + slot
    member_new_user = np.ones((n, MEMBER_SLOTS), dtype=bool)
    leaver = np.argmin(member_to, axis=1)
    back = (member_to[rows, leaver] < NEVER) & (v[4, :, 0] < 0.40)
    pause = 20 + (100 * v[4, :, 1]).astype(np.int64)
    member_from[:, -1] = np.where(back, member_to[rows, leaver] + pause, NEVER)
    member_to[:, -1] = NEVER
    member_user[back, -1] = member_user[rows, leaver][back]
    member_new_user[:, -1] = False
    both = (rows > 0) & (members0 > 1) & (u < 0.02) & ~np.isin(leaver, [1])
    member_user[both, 1] = member_user[np.flatnonzero(both) - 1, 0]
    member_new_user[both, 1] = False
    member_weight = 0.35 + 0.65 * v[5]
    member_weight[:, 0] = 1.0
    return {
        "member_from": member_from,
        "member_to": member_to,
        "member_user": member_user,
        "member_new_user": member_new_user,
        "member_weight": member_weight,
    }


def _pets(start, pets0, rng) -> dict[str, np.ndarray]:
    """Draw the pets and their dates."""
    slot = np.arange(PET_SLOTS)
    w = rng.random((4, len(start), PET_SLOTS))
    pet_from = np.where(slot < pets0[:, None], start[:, None], NEVER)
    more = (slot >= pets0[:, None]) & (slot < pets0[:, None] + 2) & (w[0] < 0.14)
    pet_from = np.where(more, start[:, None] + 5 + (420 * w[1]).astype(np.int64), pet_from)
    removed = (w[2] < 0.04) & (slot > 0) & (pet_from < NEVER)
    pet_to = np.where(removed, pet_from + 30 + (300 * w[3]).astype(np.int64), NEVER)
    return {"pet_from": pet_from, "pet_to": pet_to}
