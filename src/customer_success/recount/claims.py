"""Proof of the verdicts on claims: computes their dates, values, tests and logic a second time.

A verdict is compared with the seed of claims, the published metrics and the households' rows. The permutation
of ratios of money draws; its p-value is compared with the linearised test (`MONEY_Z`).
"""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from customer_success.publish.gate import Problem
from customer_success.recount.claim_checks import Evidence, check_change, check_level, check_model
from customer_success.recount.claim_periods import Days, days_of
from customer_success.recount.claim_tests import holm
from customer_success.recount.claim_words import check_words

NAME = "claims"
FILE = "analytics.fct_claim_verdicts"
COPIED = (
    "deck", "statement", "evidence", "metric", "segment", "comparison", "scale", "period_a", "period_b",
    "claimed_value", "tolerance", "author", "status",
)  # fmt: skip
SUPPORTED, INSUFFICIENT = "supported", "insufficient_evidence"


def prove_claims(candidate) -> list[Problem]:
    """Compare every verdict with its claim and with what is published; a problem per finding."""
    alpha = float(str(candidate.variables.get("claim_alpha", 0.05)))
    with duckdb.connect(str(candidate.places.database), read_only=True) as connection:
        verdicts = connection.sql("from analytics.fct_claim_verdicts").df()
        seed = connection.sql("from rules.claims").df()
        return problems(verdicts, seed, Evidence(connection), candidate.as_of_date, alpha)


def problems(
    verdicts: pd.DataFrame, seed: pd.DataFrame, evidence: Evidence, as_of: date, alpha: float
) -> list[Problem]:
    """Return what is wrong with verdicts (columns of the mart) on the claims of the seed."""
    found = _as_claimed(verdicts, seed)
    for row in verdicts.to_dict("records"):
        checks = [*_dates(row, as_of), *check_words(row), *_evidence(row, evidence, as_of)]
        checks += _verdict(row, alpha)
        found += [(row["claim_id"], what) for what in checks]
    found += _corrected(verdicts)
    return [
        Problem(name=NAME, status="fail", message=f"Claim {name}: {what}.", file=FILE) for name, what in found
    ]


def _as_claimed(verdicts: pd.DataFrame, seed: pd.DataFrame) -> list[tuple[str, str]]:
    """Each claim has one verdict, and the verdict's claim is the seed's."""
    names, decided = set(seed["claim_id"]), verdicts["claim_id"]
    found = [(name, "has no verdict") for name in sorted(names - set(decided))]
    found += [(name, "is not in the seed of claims") for name in sorted(set(decided) - names)]
    found += [(name, "has two verdicts") for name in sorted(set(decided[decided.duplicated()]))]
    both = verdicts.merge(seed, on="claim_id", suffixes=("", "_claimed"))
    for field in COPIED:
        ours, theirs = both[field], both[f"{field}_claimed"]
        if field == "tolerance":
            ours, theirs = ours.fillna(0), theirs.fillna(0)
        differs = ~((ours == theirs) | (ours.isna() & theirs.isna()))
        found += [
            (name, f"{field} is {shown} in the verdict and {claimed} in the seed")
            for name, shown, claimed in zip(
                both["claim_id"][differs], ours[differs], theirs[differs], strict=True
            )
        ]
    return found


def _periods(row: dict, as_of: date) -> list[Days | None]:
    """The periods that a claim names; one on a model has none."""
    if row["evidence"] != "metrics":
        return [None, None]
    names = (row["period_a"], row["period_b"])
    return [None if pd.isna(name) else days_of(name, as_of) for name in names]


def _dates(row: dict, as_of: date) -> list[str]:
    """The verdict used the dates of its named periods."""
    found = []
    for side, days in zip("ab", _periods(row, as_of), strict=True):
        for end in ("start", "end"):
            used, meant = row[f"period_{side}_{end}"], getattr(days, end, None)
            used = None if pd.isna(used) else pd.Timestamp(used).date()
            if used != meant:
                name = row[f"period_{side}"]
                found.append(
                    f"period {side} ({name}): its {end} is {used} in the verdict, and should be {meant}"
                )
    return found


def _evidence(row: dict, evidence: Evidence, as_of: date) -> list[str]:
    if row["evidence"] != "metrics":
        return check_model(row, evidence)
    a, b = _periods(row, as_of)
    if pd.isna(row["period_b"]):
        return check_level(row, a, evidence)
    return check_change(row, a, b, evidence)


def _verdict(row: dict, alpha: float) -> list[str]:
    """The verdict follows from the interval, or from the corrected p-value and the direction."""
    expected = _by_interval(row) if not pd.isna(row["claimed_value"]) else _by_p_value(row, alpha)
    of_two = not pd.isna(row["period_b"])
    silent = pd.isna(row["value_a"]) or (of_two and (pd.isna(row["value_b"]) or pd.isna(row["p_value"])))
    if row["verdict"] == (INSUFFICIENT if silent else expected):
        return []
    if silent:
        return [f"its verdict is {row['verdict']} without a value or a test"]
    return [f"its verdict is {row['verdict']}; its figures give {expected}"]


def _by_interval(row: dict) -> str:
    if pd.isna(row["ci_low"]) or pd.isna(row["ci_high"]):
        return INSUFFICIENT
    # Of one period the difference is that from the claimed value, of two the claimed value is one of it.
    claimed = row["claimed_value"] if not pd.isna(row["period_b"]) else 0.0
    slack = row["tolerance"] if not pd.isna(row["tolerance"]) else 0.0
    bottom = -np.inf if row["comparison"] == "at_most" else claimed - slack
    top = np.inf if row["comparison"] == "at_least" else claimed + slack
    if row["ci_low"] >= bottom - 1e-12 and row["ci_high"] <= top + 1e-12:
        return SUPPORTED
    outside = row["ci_high"] < bottom or row["ci_low"] > top
    return "refuted" if outside else INSUFFICIENT


def _by_p_value(row: dict, alpha: float) -> str:
    p, slack = row["p_value_corrected"], row["tolerance"]
    if pd.isna(p):
        return INSUFFICIENT
    if row["comparison"] == "differs":
        alike = not pd.isna(slack) and slack > 0 and -slack <= row["ci_low"] and row["ci_high"] <= slack
        return SUPPORTED if p < alpha else "refuted" if alike else INSUFFICIENT
    if p >= alpha:
        return INSUFFICIENT
    better = -1 if row.get("direction") == "down" else 1
    as_claimed = (row["difference"] * better > 0) == (row["comparison"] == "improved")
    return SUPPORTED if as_claimed else "refuted"


def _corrected(verdicts: pd.DataFrame) -> list[tuple[str, str]]:
    """p-values of a deck are corrected together."""
    found = []
    for _, deck in verdicts.groupby("deck", sort=True):
        expected = holm(deck["p_value"].astype(float).tolist())
        for row, p in zip(deck.to_dict("records"), expected, strict=True):
            if not np.isclose(row["p_value_corrected"], p, rtol=1e-9, atol=1e-12, equal_nan=True):
                message = f"corrected p {row['p_value_corrected']:.6g}, by Holm over its deck {p:.6g}"
                found.append((row["claim_id"], message))
    return found
