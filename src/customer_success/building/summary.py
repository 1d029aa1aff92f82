"""What a build left in the working database, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from customer_success.publish import Places, published_version
from customer_success.publish.gate import Problem


@dataclass(frozen=True)
class Summary:
    """What a build left in the database.

    Counts are rows; ``quarantined`` maps a reason to its raw rows; ``dataset`` is ``synthetic`` or ``live``.
    """

    as_of_date: str
    dataset: str
    households: int
    customers: int
    events: int
    duplicates: int
    quarantined: dict[str, int]
    unreconciled: int


def read_summary(database: Path) -> Summary:
    """Read the summary of the build in ``database``; raises ``duckdb.Error`` where a table is missing."""
    with duckdb.connect(str(database), read_only=True) as connection:

        def one(query: str) -> tuple:
            return connection.execute(query).fetchone() or ()

        households, customers, synthetic = one(
            "select count(*), count(*) filter (where is_active), bool_or(is_synthetic)"
            " from analytics.dim_households"
        )
        schemas = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'quarantine'"
        ).fetchall()
        union = " union all ".join(f"select reason from quarantine.{name}" for (name,) in schemas)
        return Summary(
            as_of_date=str(one("select as_of_date from build.parameters")[0]),
            dataset="synthetic" if synthetic else "live",
            households=households,
            customers=customers,
            events=one("select count(*) from analytics.fct_events")[0],
            duplicates=one(
                "select cast(sum(duplicates) as bigint) from analytics.fct_source_reconciliation"
                " where measure = 'rows'"
            )[0],
            quarantined=dict(
                connection.execute(
                    f"select reason, count(*) from ({union}) group by reason order by 2 desc, 1"
                ).fetchall()
            ),
            unreconciled=one(
                "select count(*) from analytics.fct_source_reconciliation where discrepancy <> 0"
            )[0],
        )


def show(
    summary: Summary,
    places: Places,
    pages: Sequence[Path],
    warnings: Sequence[Problem],
    seconds: float,
    console: Console,
) -> None:
    """Print the summary as one table; its title names synthetic data.

    ``warnings`` are rows of dbt tests that warned (printed whole) and validations (one line each).
    """
    published = published_version(places)
    kind = "[bold]SYNTHETIC data[/bold]" if summary.dataset == "synthetic" else "live data"
    table = Table(
        title=f"Build as of {summary.as_of_date} on {kind}", show_header=False, title_justify="left"
    )
    quarantined = ", ".join(f"{reason} {rows:,}" for reason, rows in summary.quarantined.items())
    for name, value in [
        ("Households", f"{summary.households:,}, of them customers {summary.customers:,}"),
        ("Product events", f"{summary.events:,}, and {summary.duplicates:,} repeated deliveries"),
        (
            "Quarantined rows",
            f"{sum(summary.quarantined.values()):,}" + (f" ({quarantined})" if quarantined else ""),
        ),
        ("Raw tables that do not add up", str(summary.unreconciled)),
        (
            "Checks",
            "{tests_passed} tests and {validations_passed} validations passed,"
            " {validations_warned} validations warned".format(**published),
        ),
        ("Time", f"{seconds:.0f} s"),
        ("Published", f"{places.analytics} (without personal data), {places.parquet}/"),
        ("Ledger", f"head {published['ledger_head'][:16]}…, in the published version as `ledger_head`"),
        ("Working database", f"{places.database}, not for readers"),
        ("Pages", "\n".join(map(str, pages))),
    ]:
        table.add_row(name, escape(value))
    console.print(table)
    if warnings:
        console.print("Published with a warning:")
    for warning in warnings:
        message = " ".join(f"{warning.name}: {warning.message}".split())
        if warning.status == "warn":  # a row of a dbt test, which says what to do
            console.print(f"* {message}", markup=False, soft_wrap=True)
        else:
            console.print(f"* {message}", markup=False, no_wrap=True, overflow="ellipsis")
