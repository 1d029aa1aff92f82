"""The hidden history of a block: effort, friction, plans and leaving, week by week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import NEVER, Calendar
from .columns import choose
from .parameters import BLOCK, GAP, Story
from .population import START_ENTERPRISE, START_FREE, START_TRIAL, Population

FREE, PREMIUM, ENTERPRISE = range(3)
CLOSED, CANCELLED_NOW, CANCELLED_AT_PERIOD_END, DARK = range(4)
PENDING_NONE, PENDING_TRIAL, PENDING_CANCEL, PENDING_UNPAID, PENDING_RECOVERY, PENDING_RESUME = range(6)
(
    LOG_TRIAL,
    LOG_CONVERT,
    LOG_BUY,
    LOG_CHANGE,
    LOG_SEATS,
    LOG_SCHEDULE,
    LOG_CANCELLED,
    LOG_UNPAID,
    LOG_TRIAL_ENDS,
    LOG_PAST_DUE,
    LOG_RECOVERED,
    LOG_PAUSE,
    LOG_RESUME,
) = range(13)
SHOCK_SUPPORT, SHOCK_CHAMPION = 1, 2
_DRAWS = 18


@dataclass
class Latent:
    """Weekly matrices (n, weeks) and two ragged tables.

    `effort` is -1 where the household is away; `first`..`last` are the days of the week (0-6) on
    which it is present (empty: last < first); `alive` is whether it is still present when the week
    ends; the other matrices show the end of the week. `log` has one row per change of a
    subscription, `spells` one per completed presence.
    """

    effort: np.ndarray
    friction: np.ndarray
    shock: np.ndarray
    plan: np.ndarray
    interval: np.ndarray
    pending: np.ndarray
    pending_day: np.ndarray
    renewal: np.ndarray
    first: np.ndarray
    last: np.ndarray
    alive: np.ndarray
    log: dict[str, np.ndarray]
    spells: dict[str, np.ndarray]


def log_hazard_terms(people: Population, story: Story) -> np.ndarray:
    """The constant part of the log hazard, shape (n,)."""
    h = story.hazard
    return (
        h.fit * people.fit
        + h.members * (people.members0 - 1)
        + h.pets * (people.pets0 - 1)
        + np.array(h.region)[people.region]
    )


def daily_hazard(terms: np.ndarray, effort, friction, plan, story: Story) -> np.ndarray:
    """Daily probability of leaving; the arguments broadcast against each other."""
    h = story.hazard
    rate = np.array(h.baseline_daily)[effort] * np.exp(terms + np.array(h.plan)[plan] + h.friction * friction)
    return np.minimum(rate, h.most_daily)


def effort_moves(fit, effort, friction, plan, story: Story) -> tuple[np.ndarray, np.ndarray]:
    """Weekly probabilities of going one effort level down and up."""
    e = story.effort
    tilt = e.fit * fit + e.paid * (np.asarray(plan) > FREE) - e.friction * friction
    down = np.minimum(np.array(e.down)[effort] * np.exp(-tilt), e.most)
    up = np.minimum(np.array(e.up)[effort] * np.exp(tilt), e.most)
    return down, up


def shock_probability(business, effort, story: Story) -> np.ndarray:
    e = story.effort
    return np.array(e.shock)[effort] + e.champion_leaves * np.asarray(business)


class _Table:
    """Rows gathered in pieces of equal length."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.pieces: list[np.ndarray] = []

    def add(self, *columns) -> None:
        """Append rows; the first column has their full length, the others may be scalars."""
        if len(columns[0]):
            piece = np.empty((len(self.names), len(columns[0])), dtype=np.int64)
            for target, values in zip(piece, columns, strict=True):
                target[:] = values
            self.pieces.append(piece)

    def arrays(self, *order: str) -> dict[str, np.ndarray]:
        empty = [np.zeros((len(self.names), 0), dtype=np.int64)]
        table = np.concatenate(self.pieces or empty, axis=1)
        columns = dict(zip(self.names, table, strict=True))
        rank = np.lexsort([columns[name] for name in reversed(order)])  # stable
        return {name: column[rank] for name, column in columns.items()}


class _Chain:
    """State of the weekly loop; every step uses the same number of draws per household."""

    def __init__(self, people: Population, calendar: Calendar, story: Story, rng) -> None:
        n, weeks = len(people), calendar.weeks
        self.people, self.calendar, self.story, self.rng = people, calendar, story, rng
        self.terms = log_hazard_terms(people, story)
        self.here = np.zeros(n, dtype=bool)
        self.start = people.start.copy()
        self.returning = np.zeros(n, dtype=bool)
        self.effort = np.zeros(n, dtype=np.int64)
        self.friction = np.zeros(n, dtype=np.int64)
        self.plan = np.zeros(n, dtype=np.int64)
        self.interval = np.zeros(n, dtype=np.int64)
        self.seats = np.ones(n, dtype=np.int64)
        self.anchor = np.zeros(n, dtype=np.int64)
        self.renewal = np.full(n, NEVER)
        self.pending = np.zeros(n, dtype=np.int64)
        self.pending_day = np.full(n, NEVER)
        self.log = _Table("household", "day", "kind", "plan", "interval", "seats", "anchor")
        self.spells = _Table("household", "start", "left", "type", "ends", "churned", "back", "plan")
        shape = (n, weeks)
        self.out = Latent(
            effort=np.full(shape, -1, dtype=np.int8),
            friction=np.zeros(shape, dtype=np.int8),
            shock=np.zeros(shape, dtype=np.int8),
            plan=np.zeros(shape, dtype=np.int8),
            interval=np.zeros(shape, dtype=np.int8),
            pending=np.zeros(shape, dtype=np.int8),
            pending_day=np.zeros(shape, dtype=np.int32),
            renewal=np.zeros(shape, dtype=np.int32),
            first=np.zeros(shape, dtype=np.int8),
            last=np.full(shape, -1, dtype=np.int8),
            alive=np.zeros(shape, dtype=bool),
            log={},
            spells={},
        )

    def write(self, who: np.ndarray, day, kind) -> None:
        """Note a change of the subscription with its state after the change."""
        if len(who) == 0:
            return
        self.log.add(
            who,
            day,
            kind,
            self.plan[who],
            self.interval[who],
            self.seats[who],
            self.anchor[who],
        )

    def subscribe(self, who: np.ndarray, day: np.ndarray, plan, kind, u: np.ndarray) -> None:
        """Begin a subscription (trial or paid)."""
        if len(who) == 0:
            return
        self.plan[who] = plan
        self.interval[who] = choose(u, self.story.plans.interval_shares)
        enterprise = self.plan[who] == ENTERPRISE
        self.interval[who] = np.where(enterprise, self.interval[who] % 2, self.interval[who])
        wanted = self.people.members0[who] + (9 * u * u * self.people.business[who]).astype(int)
        self.seats[who] = np.where(enterprise, wanted, 1)
        self.anchor[who] = day
        trial = np.broadcast_to(kind == LOG_TRIAL, len(who))
        self.pending[who] = np.where(trial, PENDING_TRIAL, PENDING_NONE)
        self.pending_day[who] = np.where(trial, day + self.story.plans.trial_days, NEVER)
        self.renew(who, day)
        self.write(who, day, kind)

    def renew(self, who: np.ndarray, day) -> None:
        if len(who) == 0:
            return
        self.renewal[who] = self.calendar.next_renewal(
            self.anchor[who], self.interval[who], np.broadcast_to(day, len(who))
        )

    def to_free(self, who: np.ndarray, day, kind) -> None:
        if len(who) == 0:
            return
        self.write(who, day, kind)
        self.plan[who] = FREE
        self.renewal[who] = NEVER
        self.pending[who] = PENDING_NONE
        self.pending_day[who] = NEVER

    def week(self, w: int) -> None:
        people, story = self.people, self.story
        n, monday = len(people), self.calendar.monday(w)
        u = self.rng.random((BLOCK, _DRAWS))[:n].T  # by household, so a cut block stays the same
        was_here = self.here.copy()
        beginning = ~self.here & (self.start >= monday) & (self.start <= monday + 6)

        who = np.flatnonzero(was_here)
        p_shock = shock_probability(people.business[who], self.effort[who], story)
        shock = u[0, who] < p_shock
        champion = people.business[who] & (u[0, who] < story.effort.champion_leaves)
        stays = (self.friction[who] > 0) & (u[1, who] < story.effort.friction_stays)
        self.friction[who] = shock | stays
        kind = np.where(champion, SHOCK_CHAMPION, SHOCK_SUPPORT)
        self.out.shock[who, w] = np.where(shock, kind, 0)
        down, up = effort_moves(people.fit[who], self.effort[who], self.friction[who], self.plan[who], story)
        self.effort[who] += (u[2, who] < down).astype(int) - (u[2, who] > 1 - up).astype(int)
        hazard = daily_hazard(self.terms[who], self.effort[who], self.friction[who], self.plan[who], story)
        after = np.floor(np.log1p(-u[3, who]) / np.log1p(-hazard)).astype(np.int64)
        leaving = np.zeros(n, dtype=bool)
        leaving[who] = after < 7
        left = np.full(n, NEVER)
        left[who] = np.where(after < 7, monday + after, NEVER)

        self.settle(u, np.where(self.here, np.minimum(left, monday + 6), -1))
        self.move(u, np.flatnonzero(was_here & ~leaving), monday)
        gone = np.flatnonzero(leaving)
        if len(gone):
            self.leave(u, gone, left[gone])
        self.here[gone] = False
        if beginning.any():
            self.begin(u, np.flatnonzero(beginning))

        there = was_here | beginning
        self.out.first[:, w] = np.where(beginning, self.start - monday, 0)
        self.out.last[:, w] = np.where(there, np.where(leaving, left - monday, 6), -1)
        once = beginning & ~self.here  # closed on the day of signup
        self.out.last[once, w] = self.out.first[once, w]
        self.out.effort[:, w] = np.where(there, self.effort, -1)
        self.out.alive[:, w] = self.here
        for name in ("friction", "plan", "interval", "pending", "pending_day", "renewal"):
            getattr(self.out, name)[:, w] = getattr(self, name)
        again = np.flatnonzero(gone_back := leaving & (self.next_start < NEVER))
        self.start[leaving | once] = NEVER
        self.start[again] = self.next_start[again]
        self.returning[gone_back] = True

    def settle(self, u: np.ndarray, until: np.ndarray) -> None:
        """Carry out what was pending up to a day (n,)."""
        due = self.pending_day <= until
        for pending, done in (
            (PENDING_CANCEL, LOG_CANCELLED),
            (PENDING_UNPAID, LOG_UNPAID),
        ):
            who = np.flatnonzero(due & (self.pending == pending))
            self.to_free(who, self.pending_day[who], done)
        trial = np.flatnonzero(due & (self.pending == PENDING_TRIAL))
        converts = u[4, trial] < np.array(self.story.plans.trial_converts)[self.effort[trial]]
        self.to_free(trial[~converts], self.pending_day[trial[~converts]], LOG_TRIAL_ENDS)
        who = trial[converts]
        self.anchor[who] = self.pending_day[who]
        self.renew(who, self.pending_day[who])
        self.write(who, self.pending_day[who], LOG_CONVERT)
        self.pending[who], self.pending_day[who] = PENDING_NONE, NEVER
        for pending, done in (
            (PENDING_RECOVERY, LOG_RECOVERED),
            (PENDING_RESUME, LOG_RESUME),
        ):
            who = np.flatnonzero(due & (self.pending == pending))
            self.write(who, self.pending_day[who], done)
            self.pending[who], self.pending_day[who] = PENDING_NONE, NEVER

    def move(self, u: np.ndarray, who: np.ndarray, monday: int) -> None:
        """Trials, purchases, renewals that fail, and changes of households that stay."""
        p = self.story.plans
        sunday = monday + 6
        day = monday + (7 * u[5]).astype(np.int64)
        idle = who[self.pending[who] == PENDING_NONE]
        free = idle[self.plan[idle] == FREE]
        tries = free[u[6, free] < np.array(p.trial_starts)[self.effort[free]]]
        self.subscribe(tries, day[tries], PREMIUM, LOG_TRIAL, u[7, tries])
        buys = free[(u[6, free] > 1 - p.business_buys) & self.people.business[free]]
        self.subscribe(buys, day[buys], ENTERPRISE, LOG_BUY, u[7, buys])

        paying = idle[(self.plan[idle] > FREE) & (self.pending[idle] == PENDING_NONE)]
        renews = self.renewal[paying] <= sunday
        due = paying[renews & (self.renewal[paying] >= monday)]
        fails = due[(u[8, due] < p.renewal_fails) & (self.interval[due] != 3)]
        recovers = u[9, fails] < p.renewal_recovers
        wait = np.where(recovers, 3 + 2 * (3 * u[10, fails]).astype(int), 14)
        self.write(fails, self.renewal[fails], LOG_PAST_DUE)
        self.pending[fails] = np.where(recovers, PENDING_RECOVERY, PENDING_UNPAID)
        self.pending_day[fails] = self.renewal[fails] + wait

        calm = paying[~renews]
        effort, draw = self.effort[calm], u[11, calm]
        business = self.people.business[calm]
        down = np.array(p.downgrade)[effort]
        up = np.array(p.upgrade)[effort] * np.where(business, p.upgrade_business, 1.0)
        up = np.where(self.plan[calm] == PREMIUM, up, p.plan_lowered)
        seats = np.where(self.plan[calm] == ENTERPRISE, p.seats_change, 0.0)
        pause = np.where(self.plan[calm] == PREMIUM, p.pause, 0.0)
        edges = np.cumsum([down, up, np.full(len(calm), p.interval_changes), seats, pause], axis=0)
        move = (draw >= edges).sum(axis=0)
        ends = calm[move == 0]
        now = u[12, ends] < p.downgrade_now
        self.to_free(ends[now], day[ends[now]], LOG_CANCELLED)
        ends = ends[~now]
        self.write(ends, day[ends], LOG_SCHEDULE)
        self.pending[ends], self.pending_day[ends] = PENDING_CANCEL, self.renewal[ends]
        swap = calm[move == 1]
        self.plan[swap] = np.where(self.plan[swap] == PREMIUM, ENTERPRISE, PREMIUM)
        to_seats = self.plan[swap] == ENTERPRISE
        self.seats[swap] = np.where(to_seats, self.people.members0[swap] + 1, 1)
        self.interval[swap] = self.interval[swap] % 2
        term = calm[move == 2]
        self.interval[term] = np.where(self.interval[term] == 1, 0, 1)
        changed = np.concatenate([swap, term])
        self.anchor[changed] = day[changed]
        self.renew(changed, day[changed])
        self.write(changed, day[changed], LOG_CHANGE)
        more = calm[move == 3]
        step = 1 + (3 * u[12, more]).astype(int)
        grows = u[13, more] < np.where(self.effort[more] <= 1, 0.8, 0.25)
        self.seats[more] = np.maximum(self.seats[more] + np.where(grows, step, -1), 1)
        self.write(more, day[more], LOG_SEATS)
        rest = calm[move == 4]
        self.write(rest, day[rest], LOG_PAUSE)
        self.pending[rest] = PENDING_RESUME
        self.pending_day[rest] = day[rest] + 28 + (28 * u[12, rest]).astype(int)
        over = who[self.renewal[who] <= sunday]
        self.renew(over, sunday)

    def leave(self, u: np.ndarray, who: np.ndarray, left: np.ndarray) -> None:
        """Decide how a household leaves, and with it the end of its subscription."""
        rule = self.story.leaving
        plan, pending, u = self.plan[who], self.pending[who], u[:, who]
        subscribed = plan > FREE
        trial, paused = pending == PENDING_TRIAL, pending == PENDING_RESUME
        scheduled = (pending == PENDING_CANCEL) | (pending == PENDING_UNPAID)
        paying = subscribed & ~trial
        kind = np.full(len(who), DARK)
        plain = paying & ~scheduled & ~paused
        a = rule.close_paying + rule.cancel_now
        kind[plain & (u[14] < a + rule.cancel_at_period_end)] = CANCELLED_AT_PERIOD_END
        kind[paying & (u[14] < a)] = CANCELLED_NOW
        kind[paused] = CANCELLED_NOW
        kind[u[14] < np.where(paying, rule.close_paying, rule.close_free)] = CLOSED
        ends = left.copy()

        now = subscribed & ((kind == CLOSED) | (kind == CANCELLED_NOW))
        self.write(who[now], left[now], LOG_CANCELLED)
        open_trial = trial & (kind == DARK)
        day = self.pending_day[who]
        self.write(who[open_trial], day[open_trial], LOG_TRIAL_ENDS)
        for state, done in ((PENDING_CANCEL, LOG_CANCELLED), (PENDING_UNPAID, LOG_UNPAID)):
            rows = (pending == state) & ~now
            self.write(who[rows], day[rows], done)
            ends[rows] = day[rows]
        recovering = (pending == PENDING_RECOVERY) & ~now
        self.write(who[recovering], day[recovering], LOG_RECOVERED)
        renewal = self.calendar.next_renewal(self.anchor[who], self.interval[who], left)
        renewal = np.where(recovering, np.maximum(renewal, day), renewal)
        at_end = kind == CANCELLED_AT_PERIOD_END
        schedule_day = np.where(recovering, np.maximum(left, day), left)
        self.write(who[at_end], schedule_day[at_end], LOG_SCHEDULE)
        self.write(who[at_end], renewal[at_end], LOG_CANCELLED)
        ends[at_end] = renewal[at_end]

        dark = plain & (kind == DARK)
        periods = choose(u[15], rule.dark_periods)
        periods = np.where(self.interval[who] == 1, 0, periods)
        for step in range(1, len(rule.dark_periods)):
            following = self.calendar.next_renewal(self.anchor[who], self.interval[who], renewal)
            renewal = np.where(periods >= step, following, renewal)
        unpaid = dark & (u[16] < rule.dark_unpaid)
        self.write(who[unpaid], renewal[unpaid], LOG_PAST_DUE)
        self.write(who[unpaid], renewal[unpaid] + rule.unpaid_after_days, LOG_UNPAID)
        cancelled = dark & ~unpaid
        self.write(who[cancelled], renewal[cancelled], LOG_CANCELLED)
        ends = np.where(unpaid, renewal + rule.unpaid_after_days, ends)
        ends = np.where(cancelled, renewal, ends)

        churned = np.where(kind == CLOSED, left, np.maximum(left + GAP, ends))
        churned = np.where(open_trial, np.maximum(churned, day), churned)
        comes = (kind != CLOSED) & (u[17] < rule.comes_back)
        share = np.where(comes, u[17] / rule.comes_back, 0.0)
        wait = np.floor(-rule.comes_back_mean_days * np.log1p(-share)).astype(np.int64)
        back = np.where(comes, churned + rule.comes_back_after_days + wait, NEVER)
        self.next_start[who] = back
        self.spells.add(who, self.start[who], left, kind, ends, churned, back, plan)
        self.plan[who], self.renewal[who] = FREE, NEVER
        self.pending[who], self.pending_day[who] = PENDING_NONE, NEVER

    def begin(self, u: np.ndarray, who: np.ndarray) -> None:
        """First days of a new household, or of one that comes back."""
        day = self.start[who]
        again = self.returning[who]
        tilted = np.clip(u[4, who] - 0.08 * self.people.fit[who], 0, 0.999)
        fresh = choose(tilted, self.story.effort.initial)
        self.effort[who] = np.where(again, (tilted > 0.4).astype(int), fresh)
        self.friction[who] = 0
        at_once = self.people.closes_at_once[who] & ~again
        self.here[who] = ~at_once
        one = who[at_once]
        self.spells.add(one, day[at_once], day[at_once], CLOSED, day[at_once], day[at_once], NEVER, FREE)
        start_plan = np.where(
            again,
            np.where(u[5, who] < self.story.plans.comes_back_paying, 2, START_FREE),
            self.people.start_plan[who],
        )
        paid = (start_plan != START_FREE) & ~at_once
        trial = start_plan[paid] == START_TRIAL
        plan = np.where(start_plan[paid] == START_ENTERPRISE, ENTERPRISE, PREMIUM)
        kind = np.where(trial, LOG_TRIAL, LOG_BUY)
        self.subscribe(who[paid], day[paid], plan, kind, u[7, who[paid]])

    def run(self) -> Latent:
        n = len(self.people)
        self.next_start = np.full(n, NEVER)
        for w in range(self.calendar.weeks):
            self.week(w)
        self.out.log = self.log.arrays("household", "day")
        self.out.spells = self.spells.arrays("household", "start")
        return self.out


def simulate(people: Population, calendar: Calendar, story: Story, rng) -> Latent:
    """Latent history of a block, including the weeks after the end that decide the last labels."""
    return _Chain(people, calendar, story, rng).run()
