"""The message about a metric that differs: where, both numbers, and a first household."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from customer_success.publish.gate import Problem

from .households import first_household

FILE = "src/customer_success/recount/metrics/definitions.py"
NAMES = {
    "numerator": "numerator",
    "denominator": "denominator",
    "unknown_count": "unknowns",
    "sample_size": "sample",
}


class Row(dict):
    """A row of `recount.compared` or `recount.unseen`, by column, with ``more``: how many rows follow it."""

    @property
    def place(self) -> str:
        """Name metric, period and segment."""
        segment = "" if self["segment_type"] == "all" else f", {self['segment_type']} {self['segment']}"
        return f"{self['metric']}, {self['grain']} from {self['first_day']}{segment}"


def problem(row: Row, message: str) -> Problem:
    """Make a problem of the first row of a metric, with the number of other rows."""
    more = f" ({row['more']} more rows of this metric.)" if row["more"] else ""
    return Problem(f"recount of metrics: {row['metric']}", "fail", f"{row.place}: {message}{more}", FILE)


def numbers(connection: duckdb.DuckDBPyConnection, row: Row) -> str:
    """Both numbers of each part that differs, and a household that explains it."""
    differing = [
        f"{label} {_shown(row[name])} is published, {_shown(row[f'counted_{name}'])} counted from raw"
        for name, label in NAMES.items()
        if row[name] != row[f"counted_{name}"]
    ]
    return "; ".join(differing) + ". " + first_household(connection, row)


def value(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """The parts agree, and the value does not follow from them."""
    return f"value {row['value']} is published, its parts give {row['counted_value']}."


def twice(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """More than one row of a key."""
    return f"{row['times']} rows are published for this metric, period and segment: expected is 1."


def incomplete(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """A period that is not over, or that the calendar does not have."""
    return (
        f"published though the period (to {row['last_day']}) is not complete on the day of the build,"
        " or the calendar does not have it."
    )


def too_small(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """A sample below the minimum of dim_metrics."""
    return (
        f"published with a sample of {row['counted_sample_size']} as counted from raw,"
        f" below the minimum of {row['min_sample']}."
    )


def missing(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """The value is publishable, and it is neither published nor withheld."""
    return (
        f"counted from raw with a sample of {row['sample_size']} (minimum {row['min_sample']}),"
        " and neither in published_metrics nor in withheld_metrics."
    )


def withheld_sample(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """The sample that readers see of a withheld metric."""
    return (
        f"withheld_metrics gives a sample of {_shown(row['withheld_sample'])},"
        f" {_shown(row['sample_size'])} is counted from raw."
    )


def withheld_parts(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """The parts of a withheld value, which fct_metric_values shows."""
    names = (
        ("numerator", "own_numerator"),
        ("denominator", "own_denominator"),
        ("unknown_count", "own_unknowns"),
    )
    differing = [
        f"{NAMES[name]} {_shown(row[own])} is in fct_metric_values, {_shown(row[name])} counted from raw"
        for name, own in names
        if row[name] != row[own]
    ]
    return "withheld; " + "; ".join(differing) + "."


def withheld_though_complete(_: duckdb.DuckDBPyConnection, row: Row) -> str:
    """Withheld as incomplete, and complete."""
    return "withheld as incomplete_period though the period is over and its data are complete."


def not_recounted(name: str) -> Problem:
    """A metric without a definition in the recount."""
    return Problem(
        f"recount of metrics: {name}",
        "fail",
        f"The recount has no definition of {name}: add one in recount/metrics/definitions.py.",
        FILE,
    )


def not_in_catalogue(name: str) -> Problem:
    """A definition of the recount without a metric."""
    return Problem(
        f"recount of metrics: {name}",
        "fail",
        f"The recount counts {name}, dim_metrics does not have it: remove it from the recount if retired.",
        FILE,
    )


def _shown(number: object) -> str:
    """Show a number without trailing zeros, or that it is unknown."""
    if number is None:
        return "unknown"
    if isinstance(number, Decimal):
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(number)
