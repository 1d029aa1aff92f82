"""Periods that a statement names: Q2 2026 in words must be 2026-Q2 in the claim."""

from __future__ import annotations

import re

from .claim import CHURN_MODEL, Claim

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"((?:19|20)\d{2})"
_DAY_BEFORE = r"(?<!\d )(?<!\d\. )(?<!st )(?<!nd )(?<!rd )(?<!th )"  # 30 June 2026 is a day
_MONTH = r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"


def periods_in(statement: str) -> list[str]:
    """Return the names of the quarters, months and weeks that a statement names with their year, sorted."""
    found = {f"{year}-Q{q}" for year, q in re.findall(rf"\b{_YEAR}[\s/-]*Q([1-4])\b", statement)}
    found |= {f"{year}-Q{q}" for q, year in re.findall(rf"\bQ([1-4])[\s/-]*{_YEAR}\b", statement)}
    found |= {f"{year}-W{week}" for year, week in re.findall(rf"\b{_YEAR}-W(\d{{2}})\b", statement)}
    found |= {f"{year}-{month}" for year, month in re.findall(rf"\b{_YEAR}-(\d{{2}})\b(?!-)", statement)}
    for name, year in re.findall(rf"{_DAY_BEFORE}{_MONTH}\s+{_YEAR}\b", statement):
        found.add(f"{year}-{MONTHS.index(name.lower()) + 1:02d}")
    return sorted(found)


def other_periods(claim: Claim) -> list[str]:
    """Return periods that the statement names and the claim does not; a counted one (quarter-1) fits any."""
    claimed = {claim.period_a, claim.period_b} - {None}
    if claim.evidence == CHURN_MODEL or any(re.fullmatch(r"[a-z]+[-_]\d+", name) for name in claimed):
        return []
    others = [name for name in periods_in(claim.statement) if name not in claimed]
    return (
        [f"the statement says {', '.join(others)}, the claim {', '.join(sorted(claimed))}"] if others else []
    )
