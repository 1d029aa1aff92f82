"""Escalations and bursts by hand: when a rule holds, when a spell closes, what stands on the row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.rates import test_poisson_2indep as poisson_test

from customer_success.recount.bursts import burst_p, conditional_p, root_p
from customer_success.recount.claim_tests import holm
from customer_success.recount.escalation_rules import Mention, Report, State, escalation_rules, spells
from customer_success.recount.escalations import Company, escalations
from customer_success.recount.households.rules import Rules
from recount.voice_company import DAY, RULES, at

BUG = State(DAY, "bug", "login", "P2", False, False, True, False)


def report(
    name: str, day: int, state: State = BUG, plan: str = "Free", home: str = "", *more: State
) -> Report:
    return Report(name, home or name, at(day), day, plan, (state._replace(day=day), *more))


class Tuned:
    """The rules of the project, a bug being widespread from another number of households on."""

    def __init__(self, rules: Rules, widespread: int):
        self.whole, self.exact, self._rows, self._widespread = (
            rules.whole,
            rules.exact,
            rules.rows,
            widespread,
        )

    def rows(self, seed: str) -> list[dict[str, str]]:
        return [
            row | {"threshold": self._widespread} if row.get("rule") == "widespread_bug" else row
            for row in self._rows(seed)
        ]


def company(reports=(), mentions=(), last=DAY + 200, customers=100, losses=(), widespread=100) -> Company:
    return Company(
        last=last,
        reports=tuple(reports),
        mentions=tuple(mentions),
        customers=lambda day: customers,
        members=lambda home, day: 2,
        mrr=lambda home, day: Decimal(10),
        losses=lambda home: losses,
        rules=Tuned(RULES, widespread),
    )


def found(rule: str, *args, **more) -> list[tuple]:
    rows = [row for row in escalations(company(*args, **more)) if row["rule"] == rule]
    return [(row["opened_on"], row["closed_on"]) for row in rows]


def test_ten_tickets_of_a_bug_are_a_pattern_and_nine_are_none():
    many = [report(f"t{number}", DAY + number) for number in range(10)]
    # The tenth counts from day 9; the first leaves the window on day 30; it closes after 14 days without.
    assert found("bug_pattern", many) == [(DAY + 9, DAY + 29 + 14)]
    assert found("bug_pattern", many[:9]) == []


def test_a_pattern_of_requests_counts_households():
    ask = BUG._replace(category="feature_request")
    same = [report(f"t{number}", DAY, ask, "Free", "one") for number in range(5)]
    assert found("feature_request_pattern", same) == []
    others = [report(f"t{number}", DAY, ask) for number in range(5)]
    assert found("feature_request_pattern", others) == [(DAY, DAY + 29 + 14)]


def test_the_threshold_grows_with_the_customers():
    of = escalation_rules(RULES)
    pattern, widespread = of["feature_request_pattern"], of["widespread_bug"]
    assert pattern.threshold(1_000) == 5 and pattern.threshold(1_200) == 6
    assert widespread.threshold(1_000_000) == 100
    ask = [report(f"t{n}", DAY, BUG._replace(category="feature_request")) for n in range(5)]
    assert found("feature_request_pattern", ask, customers=1_001) == []


def test_a_pattern_stays_open_over_13_days_without():
    assert spells([1, 15], 100, 14) == [(1, 29)]
    assert spells([1, 16], 100, 14) == [(1, 15), (16, 30)]
    assert spells([1], 14, 14) == [(1, None)] and spells([1], 15, 14) == [(1, 15)]
    assert spells([1, 2, 4], 4) == [(1, 3), (4, None)]


def test_a_critical_bug_is_open_until_solved_and_again_when_reopened():
    urgent = BUG._replace(priority="P0")
    closed = urgent._replace(day=DAY + 2, is_open=False)
    again = urgent._replace(day=DAY + 5)
    assert found("critical_bug", [report("t", DAY, urgent, "Free", "", closed)]) == [(DAY, DAY + 2)]
    reopened = [report("t", DAY, urgent, "Free", "", closed, again)]
    assert found("critical_bug", reopened) == [(DAY, DAY + 2), (DAY + 5, None)]
    assert found("critical_bug", [report("t", DAY, BUG._replace(priority="P1"))]) == []
    merged = urgent._replace(is_merged=True)
    assert found("critical_bug", [report("t", DAY, merged)]) == []


def test_high_value_feedback_is_of_enterprise():
    ask = BUG._replace(category="feature_request")
    assert found("high_value_feedback", [report("t", DAY, ask, "Enterprise")]) == [(DAY, None)]
    assert found("high_value_feedback", [report("t", DAY, ask, "Premium")]) == []


def test_a_competitor_holds_30_days_and_a_loss_raises_it():
    rival = [report("t", DAY, BUG._replace(competitor=True))]
    assert found("competitive_feedback", rival) == [(DAY, DAY + 30)]
    for day, is_loss in ((DAY - 1, False), (DAY, True), (DAY + 60, True), (DAY + 61, False)):
        rows = [r for r in escalations(company(rival, losses=[day])) if r["rule"] == "competitive_feedback"]
        assert (rows[0]["is_loss"], rows[0]["priority"]) == (is_loss, "high" if is_loss else "medium")


def test_security_and_widespread():
    assert found("security_issue", [report("t", DAY, BUG._replace(security=True))]) == [(DAY, None)]
    two = [report(name, DAY) for name in "ab"]
    assert found("widespread_bug", two, widespread=2) == [(DAY, DAY + 30)]
    assert found("widespread_bug", two, widespread=3) == []


def test_only_spells_of_the_400_days_are_shown():
    old = [report("t", DAY, BUG._replace(competitor=True))]
    assert found("competitive_feedback", old, last=DAY + 29 + 399) == [(DAY, DAY + 30)]
    assert found("competitive_feedback", old, last=DAY + 29 + 400) == []


def mention(number: int, polarity: str = "negative", day: int = DAY) -> Mention:
    return Mention(f"h{number}", at(day), day, "price", polarity, f"m{number}{polarity}", None, "Free")


def test_a_theme_is_negative_by_ten_households_and_more_complaint_than_praise():
    ten = [mention(number) for number in range(10)]
    assert found("negative_theme", mentions=ten) == [(DAY, DAY + 29 + 14)]
    assert found("negative_theme", mentions=ten[:9]) == []
    praise = [mention(number, "positive") for number in range(10)]
    assert found("negative_theme", mentions=[*ten, *praise]) == []
    assert found("negative_theme", mentions=[*ten, *praise[:9]]) == [(DAY, DAY + 29 + 14)]


def test_evidence():
    reports = [
        report("a", DAY + 1),
        report("b", DAY + 35, BUG, "Enterprise"),
        report("c", DAY + 40, home="b"),
    ]
    (row,) = [
        row
        for row in escalations(company(reports, last=DAY + 41, widespread=1))
        if row["rule"] == "widespread_bug" and row["is_open"]
    ]
    assert (row["tickets"], row["households"]) == (2, 1)
    assert (row["free_households"], row["enterprise_households"]) == (1, 0)  # by the latest ticket
    assert (row["members"], row["mrr_at_risk"], row["change_30d"]) == (2, 10, Fraction(1))
    assert (row["first_reported_at"], row["latest_at"]) == (at(DAY + 1), at(DAY + 40))
    assert row["sample_ticket_ids"] == ["c", "b"]


def _slow(day: int, count: int) -> list[Report]:
    slow = BUG._replace(category="performance", issue=None)
    return [report(f"{day}.{number}", day, slow) for number in range(count)]


def test_performance_is_judged_after_27_weeks_only():
    quiet = [ticket for week in range(26) for ticket in _slow(DAY + 7 * week, 2)]
    burst = _slow(DAY + 7 * 27 - 1, 14)
    assert found("performance_degradation", [*quiet, *burst], last=DAY + 7 * 27 - 1) == [(DAY + 188, None)]
    early = _slow(DAY + 7 * 26 - 1, 14)
    assert found("performance_degradation", [*quiet, *early], last=DAY + 7 * 26 - 1) == []
    few = _slow(DAY + 7 * 27 - 1, 9)
    assert found("performance_degradation", [*quiet, *few], last=DAY + 7 * 27 - 1) == []


def test_the_conditional_test_is_that_of_statsmodels():
    counts, customers = [18, *[6] * 12], [110.0, *[100.0] * 12]
    other = poisson_test(18, 110, 72, 1200, method="exact-cond", compare="ratio", alternative="larger").pvalue
    assert conditional_p(counts, customers) == pytest.approx(other, rel=1e-9)


def test_the_test_on_roots_is_students_and_its_variance_at_least_one():
    steady, wild = [30, *[9] * 12], [30, *[1, 25] * 6]
    same = [100.0] * 13
    root = 2 * np.sqrt(np.array(steady) + 3 / 8)
    expected = stats.t.sf((root[0] - root[1]) / np.sqrt(13 / 12), 11)
    assert root_p(steady, same) == pytest.approx(expected)
    assert root_p(wild, same) > 0.05 > conditional_p(wild, same)  # common bursts are no news
    assert burst_p(wild, same) == root_p(wild, same)
    assert burst_p(steady, [0.0, *same[1:]]) is None


def test_more_customers_explain_more_households():
    counts = [20, *[10] * 12]
    assert burst_p(counts, [200.0, *[100.0] * 12]) > 0.3 > burst_p(counts, [100.0] * 13)


def test_holm_is_that_of_statsmodels():
    values = [0.01, 0.04, 0.03, 0.005]
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1])


def test_nobody_writes_nothing_escalates():
    assert list(escalations(replace(company(), last=DAY))) == []
