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
# A date alone ends in -31 as well, so an offset needs a time of day before it.
OFFSET = r".*:\d\d.*([+-]\d\d(:?\d\d)?|[A-Za-z])$"
SECONDS, MILLISECONDS = r"\d{1,12}", r"\d{13}"


def text_of(column: str) -> str:
    """Return SQL for a column as text without blanks around it."""
    return f"trim(cast({identifier(column)} as varchar))"


def moment(column: str, found: str) -> str:
    """Return SQL for a column as a moment in UTC, null where it does not parse.

    Whole numbers are epoch seconds, those of 13 digits milliseconds. The session's time zone must be UTC.
    """
    name, text = identifier(column), text_of(column)
    if found in PLAIN or found == ZONED:
        return f"cast({name} as timestamp)"
    number = f"try_cast({text} as bigint)"
    return (
        f"case when regexp_full_match({text}, '{SECONDS}') then make_timestamp({number} * 1000000)"
        f" when regexp_full_match({text}, '{MILLISECONDS}') then make_timestamp({number} * 1000)"
        f" else cast(try_cast({text} as timestamptz) as timestamp) end"
    )


def has_offset(column: str, found: str) -> str:
    """Return a condition: the moment states an offset or a zone."""
    if found == ZONED:
        return f"{identifier(column)} is not null"
    return (
        "false" if found in PLAIN or found in WHOLE else f"regexp_full_match({text_of(column)}, '{OFFSET}')"
    )


def is_epoch(column: str, found: str) -> str:
    """Return a condition: the moment is a whole number."""
    if found in PLAIN or found == ZONED:
        return "false"
    return f"regexp_full_match({text_of(column)}, '{SECONDS}|{MILLISECONDS}')"


def value(column: str, found: str, wanted: str) -> str:
    """Return SQL for a column in the type of the contract, null where a value does not cast."""
    if found == wanted:
        return identifier(column)
    if wanted == "TIMESTAMP":
        return moment(column, found)
    return f"try_cast({text_of(column)} as {wanted})"
