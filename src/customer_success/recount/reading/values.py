"""SQL that reads one raw value in the type of the contract; null where it is none."""

from __future__ import annotations

FLOATING = ("DOUBLE", "FLOAT")
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
INTEGERS += tuple(f"U{kind}" for kind in INTEGERS)


def read_value(name: str, found: str, wanted: str) -> str:
    """Return SQL for a value of type ``found`` as ``wanted``; null where it does not parse.

    Moments are UTC. A whole number may be written 10.0, and an id that came as a decimal number is one too.
    """
    if found == wanted:
        return name
    if wanted == "TIMESTAMP":
        return read_moment(name, found)
    if wanted == "DATE" and found == "VARCHAR":
        return f"cast({read_moment(name, found)} as date)"
    decimal = found in FLOATING or found.startswith("DECIMAL")
    if wanted == "BIGINT" and (decimal or found == "VARCHAR"):
        return f"case when try_cast({name} as double) % 1 = 0 then try_cast({name} as bigint) end"
    if wanted == "VARCHAR" and found in FLOATING:
        return f"regexp_replace({name}::varchar, '\\.0$', '')"
    return f"try_cast({name} as {wanted})"


def read_moment(name: str, found: str) -> str:
    """Return SQL for a moment in UTC.

    Text that states an offset or a zone is brought to UTC first: DuckDB drops the offset when it casts text
    to a timestamp without zone. A whole number is seconds since 1970, one of 13 digits milliseconds.
    """
    if found == "TIMESTAMP WITH TIME ZONE":
        return f"{name} at time zone 'UTC'"
    if found in INTEGERS:
        return _since_1970(f"{name}::bigint" if found != "HUGEINT" else f"try_cast({name} as bigint)")
    if found in FLOATING or found.startswith("DECIMAL"):
        return f"case when {name} % 1 = 0 then {_since_1970(f'try_cast({name} as bigint)')} end"
    if found != "VARCHAR":
        return f"try_cast({name} as timestamp)"
    number = f"try_cast(regexp_extract(trim({name}), '^(\\d{{1,13}})(\\.0+)?$', 1) as bigint)"
    # An offset after a space, and a small z.
    closed = f"regexp_replace(upper(trim({name})), '\\s+([+-]\\d\\d(:?\\d\\d)?)$', '\\1')"
    zoned = f"coalesce(try_cast({name} as timestamptz), try_cast({closed} as timestamptz))"
    return f"coalesce({zoned} at time zone 'UTC', {_since_1970(number)})"


def _since_1970(number: str) -> str:
    return (
        f"case when abs({number}) < 1e12 then make_timestamp(1000000 * {number})"
        f" when abs({number}) < 1e13 then make_timestamp(1000 * {number}) end"
    )
