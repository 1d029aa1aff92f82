"""Weights and bands from CSV files; an invalid line is an error."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .refusal import UNKNOWN, Refusal

WEIGHT_STEP = Decimal("0.001")  # three decimals, as in seed health_parts


def read_weights(file: Path) -> dict[str, dict[str, Decimal]]:
    """Weights by scorecard and part from a CSV file with the columns of seed ``health_parts``.

    Refusal where the file cannot be read, a column or value is missing, a weight is no number of 0-1 with at
    most three decimals (what the seed can hold), a part is repeated, or the weights of a scorecard do not
    sum to 1.
    """
    weights: dict[str, dict[str, Decimal]] = {}
    for line, row in _read(file, ("health_model", "part", "weight")):
        try:
            weight = Decimal(row["weight"])
        except InvalidOperation:
            weight = Decimal("NaN")
        if not (weight.is_finite() and 0 <= weight <= 1 and weight % WEIGHT_STEP == 0):
            raise Refusal(
                f"{file}, line {line}: the weight {row['weight']!r} is no number from 0 to 1 with at most"
                " three decimals."
            )
        of = weights.setdefault(row["health_model"], {})
        if row["part"] in of:
            raise Refusal(f"{file}, line {line}: {row['part']} of {row['health_model']} has two rows.")
        of[row["part"]] = weight.quantize(WEIGHT_STEP)
    for model, of in weights.items():
        if sum(of.values()) != 1:
            raise Refusal(f"{file}: the weights of {model} sum to {sum(of.values())}, not to 1.")
    return weights


def read_bands(file: Path) -> dict[str, dict[str, tuple[int, int]]]:
    """Bands by scorecard from a CSV file with the columns of seed ``health_bands``, the best band first.

    Refusal where the file cannot be read, a column or value is missing, a bound is no whole number, a band
    is repeated, or the bands of a scorecard leave a gap in 0-100, overlap or go beyond.
    """
    bands: dict[str, dict[str, tuple[int, int]]] = {}
    for line, row in _read(file, ("health_model", "band", "min_score", "max_score")):
        try:
            low, high = int(row["min_score"]), int(row["max_score"])
        except ValueError:
            raise Refusal(f"{file}, line {line}: the bounds of a band are whole numbers.") from None
        of = bands.setdefault(row["health_model"], {})
        if row["band"] in of:
            raise Refusal(f"{file}, line {line}: {row['band']} of {row['health_model']} has two rows.")
        if row["band"] == UNKNOWN:
            raise Refusal(f"{file}, line {line}: {UNKNOWN!r} is reserved for an unknown score.")
        of[row["band"]] = (low, high)
    for model, of in bands.items():
        bands[model] = dict(sorted(of.items(), key=lambda item: item[1], reverse=True))
        _must_cover(file, model, sorted(of.values()))
    return bands


def _read(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values of each row; Refusal where there is no such table."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            rows = [(reader.line_num, row) for row in reader]
            names = reader.fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Refusal(f"{file} cannot be read: {problem}") from problem
    missing = [name for name in columns if name not in names]
    if missing:
        raise Refusal(f"{file} has no column {', '.join(missing)}; needed are {', '.join(columns)}.")
    if not rows:
        raise Refusal(f"{file} has no rows.")
    for line, row in rows:
        values = {name: (row[name] or "").strip() for name in columns}
        empty = [name for name, value in values.items() if not value]
        if empty:
            raise Refusal(f"{file}, line {line}: {', '.join(empty)} is empty.")
        yield line, values


def _must_cover(file: Path, model: str, spans: list[tuple[int, int]]) -> None:
    """Raise Refusal unless the spans, in ascending order, cover each score of 0-100 once."""
    reached = -1
    for low, high in spans:
        if not 0 <= low <= high <= 100:
            raise Refusal(f"{file}: a band of {model} from {low} to {high} is not within 0 to 100.")
        if low > reached + 1:
            raise Refusal(f"{file}: the bands of {model} leave out {reached + 1} to {low - 1}.")
        if low <= reached:
            raise Refusal(f"{file}: the bands of {model} overlap at {low}.")
        reached = high
    if reached < 100:
        raise Refusal(f"{file}: the bands of {model} leave out {reached + 1} to 100.")
