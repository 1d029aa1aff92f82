"""A plain reader of the seeds of rules: CSV with a header, empty for null."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

SEEDS = Path("seeds/rules")


def rows_of(seed: Path, *, may_be_absent: bool = False) -> list[dict[str, str]]:
    if may_be_absent and not seed.exists():
        return []
    with seed.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def pairs_of(seed: Path, key: str, value: str) -> dict[str, str]:
    return {row[key]: row[value] for row in rows_of(seed)}


def falling(rows: Iterable[dict[str, str]], name: str) -> tuple[tuple[Fraction, str], ...]:
    return tuple(sorted(((Fraction(row["min_score"]), row[name]) for row in rows), reverse=True))


def number_of(text: str) -> Fraction | None:
    return Fraction(text) if text else None
