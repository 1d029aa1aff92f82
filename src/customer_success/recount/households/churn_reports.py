"""The two reports of churn recomputed; intervals by statsmodels."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from . import billing_tables, facts, windows
from .churn_snapshots import leaves_within
from .facts import Home, World, as_date, within

BUCKETS = (("0", 0, 0), ("1–2", 1, 2), ("3–5", 3, 5), ("6+", 6, None))
PREMIUM_FEATURES = ("calendar_sync", "advanced_analytics", "custom_templates", "priority_support")


def wilson(count: int, total: int) -> tuple[float | None, float | None]:
    """Return the 95% interval of a share; None of an empty group."""
    return proportion_confint(count, total, alpha=0.05, method="wilson") if total else (None, None)


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> tuple[float | None, float | None]:
    """Give the 95% interval of the difference of two shares, each a count and a total."""
    if not one[1] or not other[1]:
        return None, None
    return confint_proportions_2indep(*one, *other, compare="diff", method="newcomb", alpha=0.05)


def by_ticket_volume(world: World) -> dict[str, dict]:
    """Make rpt_churn_by_ticket_volume by bucket."""
    days = world.rules.ticket_study_days
    sunday = facts.latest_sunday(world.as_of - days)
    rows = {}
    for bucket, least, most in BUCKETS:
        inside: list[Home] = []
        for home in world.homes.values():
            if home.is_customer(sunday):
                tickets = len(windows.tickets_created(home, sunday, days))
                if tickets >= least and (most is None or tickets <= most):
                    inside.append(home)
        churned = sum(any(within(s.churned, sunday + days, days) for s in home.spells) for home in inside)
        answers = [
            a.score
            for home in inside
            for a in home.answers
            if a.kind == "CSAT" and within(a.day, sunday, days) and a.score is not None
        ]
        low, high = wilson(churned, len(inside))
        rows[bucket] = {
            "score_date": as_date(sunday) if inside else None,
            "total_customers": len(inside),
            "churned_customers": churned,
            "churn_rate": Fraction(churned, len(inside)) if inside else None,
            "ci_low": low,
            "ci_high": high,
            "csat_answers": len(answers),
            "avg_csat": windows.mean(answers),
        }
    return rows


def pays_premium(home: Home, d: int) -> bool:
    """Return whether it pays for Premium at the end of d; a trial does not."""
    return home.line.at(d).paying and home.line.at(d).plan == "Premium"


def downgrade_days(home: Home, world: World) -> list[int]:
    """List the days on which it fell from paid Premium to Free."""
    found = []
    for day, before, after in home.line.changes():
        kind = billing_tables.change_type(before, after, home.rules)
        if day <= world.as_of and kind == "Premium_to_Free" and before.paying:
            found.append(day)
    return found


def stayed_from(home: Home, d: int, world: World) -> bool:
    """Return whether it paid for Premium at d and on all days of the study after."""
    end = d + world.rules.premium_study_days
    return end <= world.as_of and all(pays_premium(home, day) for day in range(d, end + 1))


def premium_feature_gap(
    down: Iterable[tuple[Home, int]], stayed: Iterable[tuple[Home, int]], world: World
) -> dict[tuple[str, str], dict]:
    """Make rpt_premium_feature_gap of households with the day on which each is studied."""
    groups = {"downgraded": list(down), "stayed": list(stayed)}
    days, silent = world.rules.premium_study_days, world.rules.silent_days
    uses = {
        kind: {
            feature: [
                sum(event.feature == feature for event in home.events_in(d - 1, days)) for home, d in group
            ]
            for feature in PREMIUM_FEATURES
        }
        for kind, group in groups.items()
    }
    rows = {}
    for kind, group in groups.items():
        known = [pair for pair in group if pair[1] + days + silent <= world.as_of]
        gone = sum(leaves_within(home, d, days) for home, d in known)
        for feature in PREMIUM_FEATURES:
            counts = {k: (sum(n > 0 for n in uses[k][feature]), len(uses[k][feature])) for k in groups}
            using, n = counts[kind]
            low, high = newcombe(counts["downgraded"], counts["stayed"])
            shares = {k: Fraction(*pair) if pair[1] else None for k, pair in counts.items()}
            known_both = None not in shares.values()
            rows[kind, feature] = {
                "n": n,
                "customers_using": using,
                "share_using": shares[kind],
                "uses_per_month": Fraction(30 * sum(uses[kind][feature]), days * n) if n else None,
                "difference": shares["downgraded"] - shares["stayed"] if known_both else None,
                "ci_low": low,
                "ci_high": high,
                "departures_known": len(known),
                "departed": gone,
                "departed_share": Fraction(gone, len(known)) if known else None,
            }
    return rows
