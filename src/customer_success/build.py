"""``python -m customer_success.build``: one dbt build, then its pages and what it made, on one screen.

The build itself is dbt's; this adds the page of health, the time it took and a summary read back from the
database, so that nothing is said that is not in the tables. Exit status is dbt's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from customer_success.health import page


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


def show(summary: Summary, database: Path, report: Path, seconds: float, console: Console) -> None:
    """Print the summary as one table; synthetic data is called so in its title."""
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
        ("Time", f"{seconds:.0f} s"),
        ("Tables", f"{database}, schema analytics (quarantine: schema quarantine)"),
        ("Page", str(report)),
    ]:
        table.add_row(name, value)
    console.print(table)


def dbt_command(arguments: list[str] | None = None) -> list[str]:
    """Return the ``dbt build`` that the command line asks for; unknown arguments go to dbt as they are."""
    parser = argparse.ArgumentParser(prog="customer_success.build", description=__doc__)
    parser.add_argument("--raw", default="data/raw", help="folder of the raw files; '' for connectors")
    parser.add_argument("--as-of", help="build as of this date (YYYY-MM-DD)")
    known, for_dbt = parser.parse_known_args(arguments)
    variables = {"raw_data_path": known.raw}
    if known.as_of:
        variables["as_of_date"] = known.as_of
    dbt = Path(sys.executable).parent / "dbt"
    return [str(dbt), "build", "--vars", json.dumps(variables), *for_dbt]


def main(arguments: list[str] | None = None) -> int:
    """Run the build and show its summary; the exit status is dbt's."""
    begin = time.monotonic()
    status = subprocess.run(dbt_command(arguments), check=False).returncode
    if status:
        print("The build failed; what and where is said above.", file=sys.stderr)
        return status
    database = Path(os.environ.get("CS_DATABASE", "warehouse/working.duckdb"))
    try:
        summary = read_summary(database)
    except duckdb.CatalogException:
        print("Only a part of the project was built so far: no summary.")
        return 0
    report = page.render(database, Path(os.environ.get("CS_REPORTS", "build/reports")) / "health.html")
    show(summary, database, report, time.monotonic() - begin, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
