"""The words of a statement agree with the figures of its claim."""

from __future__ import annotations

import json

import pytest
from claim_data import claim, evidence, ledger_row

from customer_success.claims import MalformedClaim, verdicts_on
from customer_success.claims.numbers import readings
from customer_success.claims.statement import numbers_of, objections

WIDEST = 0.1


def of(statement: str, comparison: str = "at_least", value: float | None = None, **expected):
    return claim(statement=statement, comparison=comparison, claimed_value=value, **expected)


CHANGE = {"period_a": "2026-05", "period_b": "2026-06"}
RELATIVE = {**CHANGE, "scale": "relative"}


@pytest.mark.parametrize(
    ("statement", "unit", "how_many", "values"),
    [
        ("Our NPS is 80", "points", "one", [80]),
        ("Our NPS is +80", "points", "one", [80]),
        ("NPS has fallen to −100", "points", "one", [-100]),
        ("NPS is -12.", "points", "one", [-12]),
        ("NPS is minus 12", "points", "one", [-12]),
        ("65% of customers are healthy", "share", "one", [0.65]),
        ("65 percent of customers are healthy", "share", "one", [0.65]),
        ("A share of .65 is healthy", "share", "one", [0.65]),
        ("Healthy: 0,65", "share", "one", [0.65]),
        ("12,5% churn", "share", "one", [0.125]),
        ("9 in 10 customers stay", "share", "one", [0.9]),
        ("3 out of 4 customers stay", "share", "one", [0.75]),
        ("An AUC of .847", "share", "one", [0.847]),
        ("An AUC of 0.847", "share", "one", [0.847]),
        ("Right in 92–96% of cases", "share", "one", [0.92, 0.96]),
        ("Right in 92 to 96% of cases", "share", "one", [0.92, 0.96]),
        ("Right in between 92 and 96% of cases", "share", "one", [0.92, 0.96]),
        ("NPS went from 70 to 80", "points", "several", [70, 80]),
        ("MRR is $20", "currency", "one", [20]),
        ("MRR is EUR 20", "currency", "one", [20]),
        ("MRR is 20 €", "currency", "one", [20]),
        ("MRR is $1,234.50", "currency", "one", [1234.5]),
        ("MRR ist 1.234,50 €", "currency", "one", [1234.5]),
        ("MRR is $1.2m", "currency", "one", [1_200_000]),
        ("MRR is 45k", "currency", "one", [45_000]),
        ("We have 1,234,567 members", "members", "one", [1_234_567]),
        ("We have 1.234.567 members", "members", "one", [1_234_567]),
        ("We have 1,234 members", "members", "several", [1.234, 1234]),
        ("We have 1.234 members", "members", "several", [1.234, 1234]),
        ("We have 12345 members", "members", "one", [12345]),
        ("In 2025 we had 2050 members", "members", "one", [2050]),
        ("Net revenue retention is 104%", "ratio", "one", [1.04]),
        ("Net revenue retention is 1.04", "ratio", "one", [1.04]),
        ("Customers give us 4 of 5", "score", "one", [4]),
        ("CSAT is 4.5/5", "score", "one", [4.5]),
        ("Tickets are answered within 4 hours", "hours", "one", [4]),
        ("Tickets are answered in 30 minutes", "hours", "one", [0.5]),
        ("Tickets are solved in 2 days", "hours", "one", [48]),
        ("Over the last 90 days answers took 4 hours", "hours", "one", [4]),
        ("70% of those who leave are flagged 30 days ahead", "share", "one", [0.7]),
        ("In Q2 2026 NPS was 31", "points", "one", [31]),
        ("In 2026-Q2 NPS was 31", "points", "one", [31]),
        ("In 2026-06 NPS was 31", "points", "one", [31]),
        ("On 30 June 2026 NPS was 31", "points", "one", [31]),
        ("On June 30, 2026 NPS was 31", "points", "one", [31]),
        ("On 2026-06-30 NPS was 31", "points", "one", [31]),
        ("In May 2026 80% stayed", "share", "one", [0.8]),
        ("80% stayed for 12 months", "share", "one", [0.8]),
        ("D30 retention is 35%", "share", "one", [0.35]),
        ("5% churn, 80% are healthy", "share", "several", [0.05, 0.8]),
        ("NPS improved on the quarter before", "points", "none", []),
        ("For the 2nd time customers are happy 24/7", "points", "none", []),
    ],
)
def test_the_numbers_of_a_statement_are_read(statement, unit, how_many, values):
    found, listed = numbers_of(of(statement, value=1), unit)
    assert found == how_many and json.loads(listed) == pytest.approx(values)


@pytest.mark.parametrize(
    ("figure", "values"),
    [
        ("847", (847,)), (".847", (0.847,)), ("0.847", (0.847,)), ("1,234", (1.234, 1234)), ("1,23", (1.23,)),
        ("1,2345", (1.2345,)), ("1234,567", (1234.567,)), ("1'234.5", (1234.5,)), ("1.2.3", ()),
    ],
)  # fmt: skip
def test_separators_are_read_or_left_open(figure, values):
    assert readings(figure) == values


SHARE, POINTS = ("share", "down"), ("points", "up")


@pytest.mark.parametrize(
    ("one", "metric"),
    [
        (of("Our NPS is 80", "equals", 80), POINTS),
        (of("Our NPS is 80", "at_least", 80), POINTS),
        (of("Our NPS is at least 80", "at_least", 80, status="published"), POINTS),
        (of("Our NPS is over 80", "at_least", 80), POINTS),
        (of("Our NPS is 80 or more", "at_least", 80), POINTS),
        (of("Our NPS is 80+", "at_least", 80), POINTS),
        (of("Our NPS stays below 80", "at_most", 80), POINTS),
        (of("Churn is 5%", "at_most", 0.05), SHARE),
        (of("Churn is no more than 5%", "at_most", 0.05), SHARE),
        (of("Churn is not below 5%", "at_least", 0.05), SHARE),
        (of("Less than 5% churn", "at_most", 0.05), SHARE),
        (of("Churn is 5 to 7%", "equals", 0.06, tolerance=0.01), SHARE),
        (of("40% fewer customers churn", "at_most", -0.4, **RELATIVE), SHARE),
        (of("At least 40% fewer customers churn", "at_most", -0.4, **RELATIVE), SHARE),
        (of("Up to 40% fewer customers churn", "at_least", -0.4, **RELATIVE), SHARE),
        (of("Twice as many churn", "at_least", 1.0, **RELATIVE), SHARE),
        (of("1.5x as many churn", "equals", 0.5, **RELATIVE), SHARE),
        (of("Churn has halved", "at_most", -0.5, **RELATIVE), SHARE),
        (of("NPS rose by 10 points", "at_least", 10, **CHANGE), POINTS),
        (of("NPS fell by 10 points", "at_most", -10, **CHANGE), POINTS),
        (of("Churn fell by 3 percentage points", "at_most", -0.03, **CHANGE), SHARE),
        (of("NPS improved", "improved", status="published", **CHANGE), POINTS),
        (of("Health changed by more than 2", "differs", tolerance=2, **CHANGE), ("score", "up")),
        (of("NPS is 80, churn 5%", "at_least", 80, status="published"), POINTS),
        (of("1,234 members", "equals", 1234, status="published"), ("members", "up")),
    ],
)
def test_a_claim_that_agrees_with_its_words_is_accepted(one, metric):
    assert objections(one, *metric, WIDEST) == []


@pytest.mark.parametrize(
    ("one", "metric", "expected"),
    [
        (of("Our NPS is 80", "at_least", -100), POINTS, "the statement says 80, the claim -100"),
        (of("Our NPS is 80", "at_least", -100), POINTS, "holds for every value"),
        (of("Our NPS is good", "at_least", -100), POINTS, "holds for every value"),
        (of("Our NPS is 80", "at_least", 8), POINTS, "says 80, the claim 8"),
        (of("Our NPS is 80%", "equals", 80), POINTS, "says 80%, the claim 80"),
        (of("Churn is 5%", "at_most", 1), SHARE, "holds for every value"),
        (of("Churn is 5%", "at_least", 0), SHARE, "holds for every value"),
        (of("Churn is 5%", "equals", 0.5), SHARE, "says 5%, the claim 0.5"),
        (of("Churn is 0.5%", "equals", 0.5), SHARE, "says 0.5%, the claim 0.5"),
        (of("Churn is 5%", "equals", 0.05, tolerance=0.9), SHARE, "its tolerance 0.9 is above 0.1"),
        (of("NPS is 80", "equals", 80, tolerance=200), POINTS, "holds for every value"),
        (of("NPS is 80", "equals", 80, tolerance=60), POINTS, "its tolerance 60 is above 20"),
        (of("MRR is $100", "equals", 100, tolerance=50), ("currency", "up"), "its tolerance 50 is above 10"),
        (of("Our NPS is 80", "at_most", 80), POINTS, "would hold for worse"),
        (of("Our NPS is over 80", "at_most", 80), POINTS, "says at least 80, the claim at_most"),
        (of("Our NPS is over 80", "equals", 80), POINTS, "says at least 80, the claim equals"),
        (of("Churn is below 5%", "at_least", 0.05), SHARE, "says at most 5%, the claim at_least"),
        (of("Churn is no more than 5%", "at_least", 0.05), SHARE, "says at most 5%, the claim at_least"),
        (of("Right in 92 to 96%", "equals", 0.94, tolerance=0.05), SHARE, "says 92 to 96%, the claim 0.94"),
        (of("Right in 92 to 96%", "at_least", 0.92), ("share", "up"), "says the range 92 to 96%"),
        (of("40% fewer churn", "at_least", 0.4, **RELATIVE), SHARE, "says 40%, the claim 0.4"),
        (of("40% fewer churn", "at_least", -0.4, **RELATIVE), SHARE, "would hold for worse"),
        (of("40% fewer churn", "at_least", -1, **RELATIVE), SHARE, "holds for every value"),
        (of("NPS rose by 10", "at_most", 10, **CHANGE), POINTS, "would hold for worse"),
        (of("NPS fell by 10", "at_least", 10, **CHANGE), POINTS, "says 10, the claim 10"),
        (of("NPS rose by 10", "improved", **CHANGE), POINTS, "says 10, the claim no value"),
        (of("Health changed by 5", "differs", tolerance=1, **CHANGE), ("score", "up"), "says 5, the claim 1"),
        (of("CSAT is 4", "at_least", 1), ("score", "up"), "says 4, the claim 1"),
        (of("Customers love us", "at_least", 5, status="published"), POINTS, "has no number"),
        (of("NPS 80, churn 5%", "at_least", 70, status="published"), POINTS, "into the statement"),
        (of("In Q2 2026 all is well", "at_least", 20, status="published"), POINTS, "has no number"),
    ],
)
def test_a_claim_that_contradicts_its_words_is_rejected(one, metric, expected):
    assert any(expected in objection for objection in objections(one, *metric, WIDEST)), objections(
        one, *metric, WIDEST
    )


@pytest.mark.parametrize(
    ("statement", "period", "refused"),
    [
        ("In Q2 2026 NPS was 31", "2026-Q2", False),
        ("In 2026-Q2 NPS was 31", "2026-Q2", False),
        ("In Q2 2026 NPS was 31", "2025-Q2", True),
        ("In June 2026 NPS was 31", "2026-06", False),
        ("In Jun 2026 NPS was 31", "2026-05", True),
        ("In 2026-W25 NPS was 31", "2026-W24", True),
        ("On 30 June 2026 NPS was 31", "2026-Q2", False),
        ("On 2026-06-30 NPS was 31", "2026-Q2", False),
        ("In Q2 2026 NPS was 31", "quarter-1", False),
        ("In 2026 NPS was 31", "2025-Q2", False),
    ],
)
def test_a_period_that_is_named_is_the_claims(statement, period, refused):
    found = objections(of(statement, "at_least", 31, period_a=period), *POINTS, WIDEST)
    assert bool(found) == refused
    assert not refused or f"the claim {period}" in found[0]


def test_both_periods_of_a_change_may_be_named():
    one = of("NPS rose from Q1 2026 to Q2 2026", "improved", period_a="2026-Q1", period_b="2026-Q2")
    assert objections(one, *POINTS, WIDEST) == []


def test_a_score_has_the_range_of_its_scale():
    one = of("Customers give us 1 of 5", "at_least", 1, metric="csat")
    assert "holds for every value" in objections(one, "score", "up", WIDEST)[0]


@pytest.mark.parametrize(
    ("statement", "value", "refused"), [("NPS 80, churn 5%", 70, False), ("All is well", 70, False)]
)
def test_a_draft_may_say_several_numbers_or_none(statement, value, refused):
    assert bool(objections(of(statement, "at_least", value), *POINTS, WIDEST)) == refused


def test_the_build_rejects_such_a_claim():
    data = evidence([ledger_row("nps", "2026-06-01", 30, 20, 40, 200)])
    lie = of("Our NPS is 80", "at_least", -100)
    with pytest.raises(MalformedClaim, match="claim c1: at_least -100 holds for every value"):
        verdicts_on([lie], data, alpha=0.05, seed=7, widest=WIDEST)


def test_the_verdict_says_how_many_numbers_it_read_and_which_days_it_used():
    data = evidence([ledger_row("nps", "2026-06-01", 30, 20, 40, 200)])
    row = verdicts_on([of("NPS is 20", value=20)], data, alpha=0.05, seed=7, widest=WIDEST).iloc[0]
    assert (row.statement_numbers, row.statement_values) == ("one", "[20.0]")
    assert (str(row.period_a_start.date()), str(row.period_a_end.date())) == ("2026-06-01", "2026-06-30")
    assert row[["period_b_start", "period_b_end"]].isna().all()
