"""Every number of the causal story, in one place.

Effort levels are indexed 0 engaged, 1 steady, 2 drifting, 3 disengaged; plans 0 Free, 1 Premium,
2 Enterprise. Probabilities are per week unless the name has another unit.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date

BLOCK = 500  # households per random stream: fixed, so that results do not depend on scheduling
MEMBER_SLOTS = 7  # six people and one slot for a member who comes back as a new row
PET_SLOTS = 6
HORIZON = 30  # days of the label "leaves within 30 days"
GAP = 30  # days without activity after which a household without subscription has churned

OLDER, CONNECTORS = SHAPES = ("older", "connectors")  # of the raw tables

EFFORTS = ("engaged", "steady", "drifting", "disengaged")
PLANS = ("Free", "Premium", "Enterprise")
REGIONS = ("US", "EU", "APAC")
LEAVE_TYPES = ("closed", "cancelled_now", "cancelled_at_period_end", "dark")


@dataclass(frozen=True)
class Hazard:
    """Daily probability of leaving: baseline(effort) x exp(sum of the terms below).

    Apart from effort and friction the terms are constant in time (plan changes seldom), so that
    hazards are proportional in them given the effort path.
    """

    baseline_daily: tuple[float, ...] = (0.00005, 0.0002, 0.0010, 0.0060)
    plan: tuple[float, ...] = (0.30, -0.15, -0.45)  # Free, Premium, Enterprise
    region: tuple[float, ...] = (0.0, -0.08, 0.10)  # US, EU, APAC
    fit: float = -0.25  # per standard deviation of fit
    members: float = -0.12  # per initial member beyond the first
    pets: float = -0.10  # per initial pet beyond the first
    friction: float = 0.45  # after-effect of a bad support experience or a lost champion
    most_daily: float = 0.15


@dataclass(frozen=True)
class Effort:
    """Weekly birth-death chain of effort, and the friction that changes it."""

    initial: tuple[float, ...] = (0.40, 0.40, 0.15, 0.05)
    down: tuple[float, ...] = (0.060, 0.060, 0.070, 0.0)
    up: tuple[float, ...] = (0.0, 0.050, 0.090, 0.085)
    fit: float = 0.25  # log-rate: fit speeds up recoveries and slows down declines
    paid: float = 0.12
    friction: float = 0.50
    most: float = 0.45
    shock: tuple[float, ...] = (0.012, 0.013, 0.018, 0.020)  # bad support experience begins
    champion_leaves: float = 0.005  # added for business accounts
    friction_stays: float = 0.68


@dataclass(frozen=True)
class Leaving:
    """The ways in which a household leaves."""

    close_free: float = 0.15
    close_paying: float = 0.20
    cancel_now: float = 0.10
    cancel_at_period_end: float = 0.40  # the rest of the paying ones go dark and keep paying
    dark_periods: tuple[float, ...] = (0.50, 0.28, 0.14, 0.08)  # renewals until it ends
    dark_unpaid: float = 0.30  # ends by an unpaid invoice, otherwise it is cancelled
    unpaid_after_days: int = 14
    comes_back: float = 0.15
    comes_back_after_days: int = 11  # after the day of churn, so the gap is over 40 days
    comes_back_mean_days: float = 45.0
    closed_on_signup: float = 0.001  # and one household of each block


@dataclass(frozen=True)
class PlanMoves:
    """Trials, upgrades, downgrades, seats and payment trouble."""

    trial_starts: tuple[float, ...] = (0.012, 0.007, 0.003, 0.001)
    trial_days: int = 14
    trial_converts: tuple[float, ...] = (0.75, 0.60, 0.30, 0.10)
    business_buys: float = 0.02
    downgrade: tuple[float, ...] = (0.0006, 0.0015, 0.005, 0.010)
    downgrade_now: float = 0.25
    upgrade: tuple[float, ...] = (0.0012, 0.0008, 0.0002, 0.0)
    upgrade_business: float = 8.0  # times as likely for a business
    plan_lowered: float = 0.0012
    interval_changes: float = 0.0015
    seats_change: float = 0.012
    pause: float = 0.0008
    renewal_fails: float = 0.030
    renewal_recovers: float = 0.72
    comes_back_paying: float = 0.30
    interval_shares: tuple[float, ...] = (0.74, 0.22, 0.012, 0.006, 0.022)


@dataclass(frozen=True)
class Activity:
    """The events of a day in the app."""

    household_active: tuple[float, ...] = (0.93, 0.80, 0.56, 0.34)
    least_active: float = 0.28
    weekend: float = 0.90
    member_active: tuple[float, ...] = (0.55, 0.42, 0.30, 0.20)
    extra_events: tuple[float, ...] = (3.0, 2.3, 1.7, 1.3)  # mean beyond the first, per member-day
    on_time: tuple[float, ...] = (0.92, 0.83, 0.66, 0.50)
    missed_per_day: tuple[float, ...] = (0.05, 0.10, 0.16, 0.20)
    late_share: float = 0.010  # received one to three days later
    very_late_share: float = 0.001  # four to ten days later
    skew_share: float = 0.002  # the device's clock runs ahead
    duplicate_share: float = 0.005


@dataclass(frozen=True)
class Story:
    """All parameters together; written to `hazard.json`."""

    hazard: Hazard = field(default_factory=Hazard)
    effort: Effort = field(default_factory=Effort)
    leaving: Leaving = field(default_factory=Leaving)
    plans: PlanMoves = field(default_factory=PlanMoves)
    activity: Activity = field(default_factory=Activity)
    business_share: float = 0.10
    region_shares: tuple[float, ...] = (0.52, 0.33, 0.15)

    def as_dict(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Config:
    """One run. `events` None means the natural rate.

    `shape` is that of the raw tables: as the connectors land them, or under the older names of the contract.
    """

    households: int
    days: int
    seed: int
    end_date: date
    events: int | None = None
    bad_rows: bool = True
    shape: str = OLDER
    story: Story = field(default_factory=Story)

    def __post_init__(self) -> None:
        if not 1 <= self.households <= 900_000:
            raise ValueError("households must be between 1 and 900,000")
        if not 60 <= self.days <= 3650:
            raise ValueError("days must be between 60 and 3650")
        if self.events is not None and self.events < 1:
            raise ValueError("events must be positive")
        if self.shape not in SHAPES:
            raise ValueError(f"shape must be one of {', '.join(SHAPES)}")
