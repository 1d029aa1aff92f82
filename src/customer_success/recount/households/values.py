"""Small helpers: reading timestamps and numbers, days as whole numbers, exact rounding."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

EPOCH = date(1970, 1, 1)
FAR = 10**7  # later than every day
NEVER = -(10**7)  # earlier than every day
CENT = Decimal("0.01")

_ISO = re.compile(
    r"^\s*\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?"
    r"\s*(Z|UTC|[+-]\d{2}(:?\d{2})?)?\s*$"
)

_WHOLE = re.compile(r"^\s*(\d{1,13})(\.0+)?\s*$")


def day_number(value: date | datetime | np.datetime64 | pd.Timestamp) -> int:
    """Count the days from 1970-01-01 to the day of a value."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, datetime):
        value = value.date()
    return (value - EPOCH).days


def ending_day(moment: pd.Timestamp) -> int:
    """Return the first day after an end: connectors close a version just before the next one begins."""
    return FAR if moment.year >= 9999 else day_number(moment + pd.Timedelta(seconds=1))


def day_numbers(stamps: pd.Series, missing: int) -> np.ndarray:
    """Turn timestamps into day numbers, with a given number for the missing ones."""
    array = stamps.to_numpy()
    days = array.astype("datetime64[D]").astype("int64")
    return np.where(np.isnat(array), missing, days)


def stamp(day: int) -> pd.Timestamp:
    """Return midnight at the start of a numbered day."""
    return pd.Timestamp(EPOCH + timedelta(days=int(day))).as_unit("us")


def stamps(days: list[int | None]) -> pd.Series:
    """Return midnights for numbered days; none stays none."""
    values = [np.datetime64("NaT") if d is None else np.datetime64(int(d), "D") for d in days]
    return pd.Series(np.array(values, dtype="datetime64[us]"))


def _one_timestamp(text: str) -> pd.Timestamp:
    if whole := _WHOLE.match(text):  # seconds since 1970, or milliseconds
        number = int(whole[1])
        return pd.Timestamp(number, unit="ms" if len(whole[1]) == 13 else "s").as_unit("us")
    if not _ISO.match(text):
        return pd.NaT
    text = text.strip().replace("UTC", "").strip()
    try:
        value = pd.to_datetime(text, utc=True).tz_localize(None)
        return value.as_unit("us")
    except (ValueError, OverflowError):
        pass
    try:  # beyond the year 2262
        value = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return pd.NaT
    if value.tzinfo is not None:
        value = (value - value.utcoffset()).replace(tzinfo=None)
    return pd.Timestamp(np.datetime64(value, "us"))


def read_timestamps(column: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Return the column as UTC timestamps (us, no zone) and where a value does not parse."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind == "M":
        return column.astype("datetime64[us]"), np.zeros(len(column), bool)
    present = column.notna().to_numpy()
    out = np.full(len(column), np.datetime64("NaT"), "datetime64[us]")
    known: dict[object, object] = {}
    for position in np.flatnonzero(present):
        value = column.iloc[position]
        if isinstance(value, (datetime, date, np.datetime64)):
            moment = (
                pd.Timestamp(np.datetime64(value, "us"))
                if not getattr(value, "tzinfo", None)
                else pd.Timestamp(value).tz_convert("UTC").tz_localize(None)
            )
        else:
            text = str(value)
            if text not in known:
                known[text] = _one_timestamp(text)
            moment = known[text]
        if moment is not pd.NaT:
            out[position] = np.datetime64(moment.as_unit("us").to_datetime64())
    return pd.Series(out, index=column.index), present & np.isnat(out)


def read_texts(column: pd.Series) -> pd.Series:
    """Return the column as Python strings, None for missing; whole numbers lose no digit."""
    if column.dtype == object and len(column) > 100_000:
        return column.where(column.notna(), None)
    values = []
    for value in column.tolist():
        if value is None or value is pd.NA or value is pd.NaT or value != value:
            values.append(None)
        elif isinstance(value, float) and value.is_integer():
            values.append(str(int(value)))
        else:
            values.append(value if isinstance(value, str) else str(value))
    return pd.Series(values, index=column.index, dtype=object)


def read_booleans(column: pd.Series) -> pd.Series:
    """Return the column as True, False or None."""
    words = {"true": True, "t": True, "1": True, "1.0": True}
    words |= {"false": False, "f": False, "0": False, "0.0": False}
    values = [
        None if value is None or value is pd.NA or value != value else words.get(str(value).lower())
        for value in column.tolist()
    ]
    return pd.Series(values, index=column.index, dtype=object)


def read_numbers(column: pd.Series) -> pd.Series:
    """Return the column as floats, NaN for missing (cents are exact far beyond any sum here)."""
    return pd.to_numeric(column, errors="coerce").astype("float64")


def exact(value: object) -> Fraction | None:
    """Read a number without rounding, as it is written; None where it is none."""
    if value is None or value != value:
        return None
    try:
        return Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        return None


def read_exact(column: pd.Series) -> pd.Series:
    """Return the column as fractions, None for missing."""
    return pd.Series([exact(value) for value in column.tolist()], index=column.index, dtype=object)


def read_household(metadata: object, keys: Sequence[str] = ("household_id",)) -> str | None:
    """Read the household's id from a Stripe customer's metadata: the first of the keys that is there."""
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata)
        except ValueError:
            return None
    if isinstance(metadata, list):  # maps come from Parquet as pairs
        metadata = dict(metadata)
    if not isinstance(metadata, dict):
        return None
    found = (metadata.get(key) for key in keys)
    return next((str(value) for value in found if value is not None and str(value).strip()), None)


def cents(value: Fraction | Decimal | int) -> Decimal:
    """Round an amount in currency units to cents, half away from zero, exactly."""
    if isinstance(value, Fraction):
        scaled = value * 100
        whole = (abs(scaled) + Fraction(1, 2)).__floor__()
        return (Decimal(whole) / 100 * (1 if scaled >= 0 else -1)).quantize(CENT)
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def money(cent_amounts: pd.Series) -> pd.Series:
    """Turn amounts in cents into decimals in currency units."""
    values = [None if amount != amount else cents(Fraction(amount) / 100) for amount in cent_amounts.tolist()]
    return pd.Series(values, index=cent_amounts.index, dtype=object)
