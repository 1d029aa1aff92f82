"""The expectations of the domain, on comparisons written by hand, evaluated without any connection."""

from __future__ import annotations

import socket

import pandas as pd
import pytest

from customer_success.expectations import Check, Suite
from customer_success.expectations.run import evaluate

MOVEMENT = ["mrr_opening", "new", "expansion", "contraction", "churned", "reactivation", "mrr_closing"]
RATE = ["value", "numerator", "denominator", "scale"]
AGREE, PAST = ["observed", "expected"], ["before", "now", "touched"]

CASES = [
    ("agree", AGREE, (1.0, 1.0), True),
    ("agree", AGREE, (1.0, 1.1), False),
    ("agree", AGREE, (None, None), True),
    ("agree", AGREE, (0.0, None), False),
    ("agree", AGREE, (None, 0.0), False),
    ("rate", RATE, (0.25, 1.0, 4.0, 1.0), True),
    ("rate", RATE, (25.0, 1.0, 4.0, 100.0), True),
    ("rate", RATE, (-50.0, -2.0, 4.0, 100.0), True),
    ("rate", RATE, (0.25, 1.0, 4.0, 100.0), False),
    ("rate", RATE, (None, 0.0, 0.0, 1.0), True),
    ("rate", RATE, (0.0, 0.0, 0.0, 1.0), False),
    ("rate", RATE, (None, 1.0, 4.0, 1.0), False),
    ("movement", MOVEMENT, (10.0, 0.0, 5.0, 0.0, 0.0, 0.0, 15.0), True),
    ("movement", MOVEMENT, (10.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0), True),
    ("movement", MOVEMENT, (10.0, 0.0, 5.0, 0.0, 0.0, 0.0, 15.01), False),
    ("movement", MOVEMENT, (10.0, 0.0, -5.0, 0.0, 0.0, 0.0, 5.0), False),
    ("movement", MOVEMENT, (10.0, None, 5.0, 0.0, 0.0, 0.0, 15.0), False),
    ("past", PAST, ("a", "a", 0.0), True),
    ("past", PAST, ("a", "b", 0.0), False),
    ("past", PAST, ("a", "b", 1.0), True),
    ("past", PAST, ("a", None, 0.0), False),
    ("between", ["observed"], (48.0,), True),
    ("between", ["observed"], (48.1,), False),
]


@pytest.fixture(scope="module")
def verdicts() -> list[str]:
    """Status of each case, in their order; a connection would be an error."""

    def refuse(*_, **__):
        raise AssertionError("a connection was opened")

    evidence, checks = {}, []
    for number, (kind, columns, figures, _) in enumerate(CASES):
        key = f"case_{number}"
        checks.append(Check(key, "t", kind, "says", "path", "none", bounds=(None, 48)))
        rows = pd.DataFrame([("item", *figures)], columns=["item", *columns])
        evidence[key] = rows.assign(check=key)
    nothing = Check("nothing", "t", "agree", "says", "path", "none")
    evidence["nothing"] = pd.DataFrame(columns=["check", "item", *AGREE])
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        return [
            result.status for result in evaluate([Suite("cases", (*checks, nothing))], {"cases": evidence})
        ]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_verdict(verdicts, number):
    assert verdicts[number] == ("pass" if CASES[number][3] else "fail"), CASES[number]


def test_nothing_to_compare_is_no_pass(verdicts):
    assert verdicts[-1] == "warning"
