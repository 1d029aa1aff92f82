"""Every metric of the catalogue for one period, recomputed household by household from the raw data.

Written from the definitions alone; the health scores are those of the warehouse, which have a recomputation
of their own. Days are counted from 1970-01-01.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from customer_success.recount.households import activity, desk
from customer_success.recount.households.billing import timelines
from customer_success.recount.households.collecting import collect
from customer_success.recount.households.facts import Home, World
from customer_success.recount.households.loading import Raw
from customer_success.recount.households.rules import AGENT_ROLES, Rules
from customer_success.recount.households.staging import Staged, default_as_of, stage
from customer_success.recount.households.values import FAR, day_number, stamp
from customer_success.recount.households.windows import active_members, features_used

HOURS = Fraction(1, 3_600_000_000)
ADOPTED_TIERS = ("advanced", "premium")


@dataclass(frozen=True)
class Period:
    """A period from its first day to its last that is over; the start is the day before."""

    first: int
    last: int

    @property
    def start(self) -> int:
        return self.first - 1

    def has(self, day: int) -> bool:
        return self.first <= day <= self.last


class Company:
    """All households with what the metrics need of them."""

    def __init__(self, raw: Raw):
        self.rules = Rules.read()
        self.staged: Staged = stage(raw, default_as_of(raw), self.rules)
        lines = timelines(self.staged)
        rows = self.staged["app.households"]
        homes = collect(self.staged, lines, set(rows["id"]), {})
        self.world = World(self.staged.as_of, self.rules, lines, homes)
        self.regions = dict(zip(rows["id"], rows["region"], strict=True))
        self.memberships = defaultdict(list)
        for row in activity.members(self.staged).itertuples(index=False):
            self.memberships[row.household_id].append((row.user_id, row.joined_day))
        self.invitations = self._invitations()
        self.replies = self._replies()

    def _invitations(self) -> dict[str, list[tuple[str, int, int]]]:
        """(survey, day sent, day answered or FAR) by household."""
        answered: dict[str, int] = {}
        for row in self.staged["survey.response"].itertuples(index=False):
            if row.invitation_id is not None:
                day = day_number(row.responded_at)
                answered[row.invitation_id] = min(day, answered.get(row.invitation_id, FAR))
        found = defaultdict(list)
        for row in self.staged["survey.invitation"].itertuples(index=False):
            found[row.household_id].append(
                (row.survey_type, day_number(row.sent_at), answered.get(row.id, FAR))
            )
        return found

    def _replies(self) -> dict[str, list]:
        """Moments of the public comments of agents, by ticket."""
        users = self.staged["zendesk.user"]
        agents = set(users["id"][users["role"].isin(AGENT_ROLES)])
        found = defaultdict(list)
        for row in self.staged["zendesk.ticket_comment"].itertuples(index=False):
            if row.public is True and row.user_id in agents:
                found[row.ticket_id].append(row.created)
        return {ticket: sorted(moments) for ticket, moments in found.items()}

    def plan(self, home: Home, day: int) -> str:
        return home.line.at(day).plan

    def paying(self, home: Home, day: int) -> bool:
        return home.line.at(day).paying

    def mrr(self, home: Home, day: int) -> Fraction:
        state = home.line.at(day)
        return Fraction(state.mrr) if state.paying else Fraction(0)


Parts = dict[str, tuple[Fraction, Fraction]]


def recompute(company: Company, period: Period, scores: dict[str, tuple[str, int | None]]) -> dict:
    """{(metric, segment_type, segment): (numerator, denominator)}, denominator 1 for totals, days for dau.

    ``scores``: plan and score of each customer at the last score date of the period.
    """
    sums: dict = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for home in company.world.homes.values():
        flow = {**_flow(company, home, period), **_desk(company, home, period)}
        for plan, parts in (
            (company.plan(home, period.start), flow),
            (company.plan(home, period.last), _stock(company, home, period)),
            (scores.get(home.id, (None, None))[0], _health(scores.get(home.id))),
        ):
            segments = [("all", "all"), ("plan_type", plan), ("region", company.regions[home.id])]
            for metric, (numerator, denominator) in parts.items():
                for segment in segments:
                    sums[metric, *segment][0] += numerator
                    sums[metric, *segment][1] += denominator
    days = period.last - period.first + 1
    fixed = {"mrr": 1, "dau": days, "wau": days, "mau": days}
    return {key: (one, Fraction(fixed.get(key[0], other))) for key, (one, other) in sums.items()}


def _flow(company: Company, home: Home, period: Period) -> Parts:
    found: Parts = {}
    if home.is_customer(period.start):
        churned = any(period.has(spell.churned) for spell in home.spells)
        found["household_churn_rate"] = (churned, 1)
        if company.plan(home, period.start) == "Free":
            found["free_to_paid_conversion"] = (company.paying(home, period.last), 1)
    if company.paying(home, period.start):
        stays = company.paying(home, period.last)
        before, after = company.mrr(home, period.start), company.mrr(home, period.last)
        found["logo_churn_rate"], found["logo_retention"] = (not stays, 1), (stays, 1)
        found["gross_revenue_retention"] = (min(before, after), before)
        found["net_revenue_retention"] = (after, before)
        found["revenue_churn_rate"] = (before if after == 0 else Fraction(0), before)
    nps = [answer for answer in home.answers if answer.kind == "NPS" and period.has(answer.day)]
    nps = [answer.score for answer in nps if answer.score is not None]
    if nps:
        found["nps"] = (100 * ((nps[-1] >= 9) - (nps[-1] <= 6)), 1)
    csat = [answer.score for answer in home.answers if answer.kind == "CSAT" and period.has(answer.day)]
    csat = [score for score in csat if score is not None]
    found["csat"] = (sum(csat), len(csat))
    for survey in ("NPS", "CSAT"):
        sent = [row for row in company.invitations[home.id] if row[0] == survey and period.has(row[1])]
        answered = sum(row[2] <= period.last for row in sent)
        found[f"{survey.lower()}_response_rate"] = (answered, len(sent))
    active = {(event.user, event.day) for event in home.events}
    for day in (7, 30):
        joined = [
            (user, joined + day) in active
            for user, joined in company.memberships[home.id]
            if period.has(joined) and joined + day <= company.world.as_of
        ]
        found[f"user_retention_d{day}"] = (sum(joined), len(joined))
    windows = {"dau": 1, "wau": 7, "mau": 28}
    seen = dict.fromkeys(windows, 0)
    for day in range(period.first, period.last + 1):
        for name, window in windows.items():
            seen[name] += len(active_members(home, day, window))
    found |= {name: (count, 0) for name, count in seen.items()}
    found["dau_mau_ratio"] = (seen["dau"], seen["mau"])
    return found


def _stock(company: Company, home: Home, period: Period) -> Parts:
    found: Parts = {}
    if home.is_customer(period.last):
        tiers = (features_used(home, period.last, 30, tier) for tier in ADOPTED_TIERS)
        found["feature_adoption_rate"] = (len(set().union(*tiers)) >= 3, 1)
        after = company.mrr(home, period.last)
        growth = max(Fraction(0), after - company.mrr(home, period.start))
        both = company.paying(home, period.start) and company.paying(home, period.last)
        found["mrr"] = (after, 0)
        found["expansion_share"] = (growth if both else Fraction(0), after)
    return found


def _health(told: tuple[str, int | None] | None) -> Parts:
    if told is None or told[1] is None:
        return {}
    score = told[1]
    return {
        "healthy_share": (score >= 80, 1),
        "at_risk_share": (60 <= score <= 79, 1),
        "critical_share": (score < 40, 1),
        "avg_health_score": (score, 1),
    }


def _desk(company: Company, home: Home, period: Period) -> Parts:
    """Tickets as they stand at the end of the period's last day."""
    end = stamp(period.last + 1)
    sums: dict[str, list] = defaultdict(lambda: [Fraction(0), 0])

    def count(metric: str, value: Fraction | int) -> None:
        sums[metric][0] += value
        sums[metric][1] += 1

    for ticket in home.tickets:
        course = [(moment, value) for moment, value in ticket.statuses if moment < end]
        _, solved, reopened = desk.status_course(course, "new" if ticket.statuses else ticket.status)
        replies = [moment for moment in company.replies.get(ticket.id, []) if moment < end]
        if period.has(ticket.day):
            if replies:
                count("first_response_hours", _hours(replies[0] - ticket.created))
            if solved is not None:
                count("resolution_hours", _hours(solved - ticket.created))
            due = ticket.created + company.rules.resolution_hours[_priority(company, ticket, end)] * desk.HOUR
            if due < end:
                count("sla_met_rate", solved is not None and solved <= due)
        if solved is not None and period.has(day_number(solved)):
            count("one_touch_rate", len(replies) == 1 and reopened == 0)
    return {metric: tuple(parts) for metric, parts in sums.items()}


def _priority(company: Company, ticket, end) -> str:
    tags = ticket.plain_tags
    if ticket.tags:
        told = [(moment, value) for moment, value in ticket.tags if moment < end]
        tags = max(told)[1].split() if told else []
    rules = company.rules
    return rules.priority(desk.strongest(tags, "urgency", rules), desk.strongest(tags, "impact", rules))


def _hours(span) -> Fraction:
    return Fraction(int(span.total_seconds() * 1_000_000)) * HOURS
