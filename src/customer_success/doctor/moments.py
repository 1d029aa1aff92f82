"""Moments as raw data write them: with an offset, with a zone, as epoch numbers."""

from __future__ import annotations

from customer_success.recount.reading.landing import identifier

WHOLE = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "HUGEINT",
}
PLAIN = {"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S", "DATE"}
ZONED = "TIMESTAMP WITH TIME ZONE"
DIGITS = r"\d+"
MILLISECONDS = 13
# A time of day without seconds is the shortest text to which an offset can be added.
SHORTEST_WITH_OFFSET = 17


def text_of(column: str) -> str:
    """Return SQL for a column as text without blanks around it."""
    return f"trim(cast({identifier(column)} as varchar))"


def with_moments(relation: str, columns: dict[str, str]) -> str:
    """Return ``relation`` with each of its columns (name: type) as a moment, so that it is read only once.

    `at` names the moment in UTC, null where it does not parse; `offset` says whether it states an offset or a
    zone, `epoch` whether it is a whole number of at most 13 digits. Whole numbers are epoch seconds, those of
    13 digits milliseconds. The session's time zone must be UTC.
    """
    forms = [f"{_has_offset(name, found)} as {offset(name)}" for name, found in columns.items()]
    forms += [f"{_is_epoch(name, found)} as {epoch(name)}" for name, found in columns.items()]
    read = [f"{_moment(name, found)} as {at(name)}" for name, found in columns.items()]
    formed = f"(select {', '.join(['*', *forms])} from {relation})"
    return f"(select {', '.join(['*', *read])} from {formed})"


def at(column: str) -> str:
    """Return the name of a column's moments in `with_moments`."""
    return identifier(f"moment of {column}")


def offset(column: str) -> str:
    """Return the name of the flag that a moment states an offset or zone."""
    return identifier(f"offset of {column}")


def epoch(column: str) -> str:
    """Return the name of the flag that a moment is a whole number."""
    return identifier(f"epoch of {column}")


def _moment(column: str, found: str) -> str:
    if found in PLAIN or found == ZONED:
        return f"cast({identifier(column)} as timestamp)"
    text = _untrimmed(column)
    zoned, number = f"cast(try_cast({text} as timestamptz) as timestamp)", f"try_cast({text} as bigint)"
    return (
        f"case when {epoch(column)} then"
        f" make_timestamp({number} * if(length({text}) = {MILLISECONDS}, 1000, 1000000))"
        f" when {offset(column)} then {zoned}"
        f" else coalesce(try_cast({text} as timestamp), {zoned}) end"
    )


def _has_offset(column: str, found: str) -> str:
    if found == ZONED:
        return f"{identifier(column)} is not null"
    if found in PLAIN or found in WHOLE:
        return "false"
    # By the end of the text, and in steps: a pattern takes minutes on tens of millions of rows.
    text = _untrimmed(column)
    return (
        f"case when {text} is null or length({text}) < {SHORTEST_WITH_OFFSET} then false"
        f" when right({text}, 1) > '9' then true"
        f" else contains(right({text}, 6), '+') or contains(right({text}, 6), '-') end"
    )


def _is_epoch(column: str, found: str) -> str:
    if found in PLAIN or found == ZONED:
        return "false"
    text = _untrimmed(column)
    is_short = f"length({text}) <= {MILLISECONDS}"
    return f"case when {is_short} then regexp_full_match({text}, '{DIGITS}') else false end"


def _untrimmed(column: str) -> str:
    # Casts pass over blanks, and trimming takes longer than they do.
    return f"cast({identifier(column)} as varchar)"


def value(column: str, found: str, wanted: str) -> str:
    """Return SQL for a column of `with_moments` in the type of the contract, null where it does not cast."""
    if found == wanted:
        return identifier(column)
    if wanted == "TIMESTAMP":
        return at(column)
    return f"try_cast({text_of(column)} as {wanted})"
