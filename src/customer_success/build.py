"""``python -m customer_success.build``: dbt build, validations, publication, pages, a summary on one screen.

dbt writes to the working database. Only if all of its tests and all validations passed, and nothing was left
out, are the marts published; else it says what failed, and readers keep what they had. Exit status is dbt's,
1 where validations or the publication failed, 75 where another build was running.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import yaml
from rich.console import Console
from rich.table import Table

from customer_success.proofs import Candidate, check_at_start, prove
from customer_success.publish import (
    UNREADABLE,
    Busy,
    Places,
    Publication,
    PublicationFailed,
    UnmarkedColumns,
    git_commit,
    lock,
    marts_of,
    publish,
    published_version,
    read_gate,
)
from customer_success.publish.child import run_dbt
from customer_success.publish.screen import show_failure, show_partial, show_what_readers_have

BUSY = 75  # what sysexits.h calls a temporary failure: try again later


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


def show(summary: Summary, places: Places, pages: list[Path], seconds: float, console: Console) -> None:
    """Print the summary as one table; synthetic data is called so in its title."""
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
        ("Working database", f"{places.database}, not for readers"),
        ("Pages", "\n".join(map(str, pages))),
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
    return ["dbt", "build", "--vars", json.dumps(variables), *for_dbt]


def target_path(command: list[str], environment: Mapping[str, str]) -> Path:
    """Return the folder into which this dbt writes its artifacts."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--target-path", default=environment.get("DBT_TARGET_PATH", "target"))
    return Path(parser.parse_known_args(command)[0].target_path)


def build(command: list[str], places: Places, console: Console) -> int:
    """Build, validate and, if everything passed and nothing was left out, publish; return the exit status."""
    begin = time.monotonic()
    environment = {**os.environ, "CS_GIT_COMMIT": git_commit()}
    target = target_path(command, environment)
    reports = Path(environment.get("CS_REPORTS", "build/reports"))
    ledger = Path(environment.get("CS_LEDGER", "warehouse/ledger.duckdb"))
    (target / "run_results.json").unlink(missing_ok=True)
    catch_up(places, ledger)
    problems = check_at_start(places, ledger)
    if problems:
        show_failure(problems, [("Ledger", ledger)], places, console)
        return 1
    status = run_dbt(command[1:], environment)
    if not (target / "run_results.json").exists():
        console.print("dbt ended before it ran anything; why is said above. Nothing was published.")
        show_what_readers_have(places, console)
        return status or 1
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    run_results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    gate = read_gate(manifest, run_results)
    if status or gate.problems:
        logs = Path(environment.get("DBT_LOG_PATH", "logs")) / "dbt.log"
        show_failure(gate.problems, [("SQL as it ran", target / "run"), ("Log", logs)], places, console)
        return status or 1
    if not gate.is_whole:
        show_partial(gate, places, console)
        return 0

    candidate = read_candidate(places, ledger, manifest, run_results)
    problems = prove(candidate)
    if problems:
        show_failure(problems, [("Working database", places.database)], places, console)
        return 1

    # Libraries that take seconds to import wait until a build has got so far that it needs them.
    from customer_success.checks import unanswered
    from customer_success.expectations import validate

    results = validate(places.database, docs=reports / "data_docs", earlier=places.analytics)
    broken = [result.problem() for result in results if result.status == "fail"] + unanswered(results)
    if broken:
        pages = reports / "data_docs" / "index.html"
        show_failure(broken, [("Validations, one by one", pages)], places, console)
        return 1
    summary = read_summary(places.database)
    try:
        publish(
            places,
            marts_of(manifest),
            Publication(
                as_of_date=date.fromisoformat(summary.as_of_date),
                built_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                git_commit=environment["CS_GIT_COMMIT"],
                dataset=summary.dataset,
                tests_passed=gate.tests_passed,
                validations_passed=sum(result.status == "pass" for result in results),
                validations_warned=sum(result.status == "warning" for result in results),
                invocation_id=gate.invocation_id,
            ),
        )
    except (PublicationFailed, UnmarkedColumns) as problem:
        console.print(f"Nothing was published. {problem}", markup=False)
        show_what_readers_have(places, console)
        return 1
    remember(places, ledger)
    show(
        summary,
        places,
        [*write_pages(places.database, reports), reports / "data_docs" / "index.html"],
        time.monotonic() - begin,
        console,
    )
    return 0


def read_candidate(places: Places, ledger: Path, manifest: dict, run_results: dict) -> Candidate:
    """Gather what the proofs need to know of the build that has just ended."""
    told = run_results.get("args", {}).get("vars") or {}
    variables = {**project_variables(), **told}
    with duckdb.connect(str(places.database), read_only=True) as connection:
        as_of_date = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    raw = variables.get("raw_data_path")
    return Candidate(
        places=places,
        ledger=ledger,
        manifest=manifest,
        run_results=run_results,
        variables=variables,
        raw=Path(str(raw)) if raw else None,
        as_of_date=as_of_date,
    )


def project_variables(project: Path = Path()) -> dict[str, object]:
    """Return the vars of dbt_project.yml."""
    return yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def remember(places: Places, ledger: Path) -> None:
    """Note in the ledger what has just been published."""
    from customer_success.ledger import record

    record(places, ledger)


def catch_up(places: Places, ledger: Path) -> None:
    """Note what readers have, where the build that published it was killed before it could.

    The working database has it until dbt builds anew. What the ledger knows already is not noted again.
    """
    if not (places.database.exists() and ledger.exists()):
        return
    try:
        published = published_version(places)
    except UNREADABLE:
        return  # the check of the published files says so
    if published is None:
        return
    try:
        with duckdb.connect(str(places.database), read_only=True) as connection:
            built = connection.execute("select any_value(invocation_id) from analytics.fct_metric_values")
            is_published = built.fetchone()[0] == published["invocation_id"]
        if is_published:
            remember(places, ledger)
    except duckdb.CatalogException:
        # The last build got not so far, or it is another ledger: what dbt has to say of that it says itself.
        return


def write_pages(database: Path, reports: Path) -> list[Path]:
    """Write the pages and return where they are."""
    from customer_success.churn import page as models
    from customer_success.health import page as health
    from customer_success.metrics import page as metrics

    pages = {"metrics": metrics.render, "health": health.render, "models": models.render}
    return [render(database, reports / f"{name}.html") for name, render in pages.items()]


def main(arguments: list[str] | None = None) -> int:
    """Run one build, unless another one is running on the same database."""
    console = Console()
    places = Places.from_environment()
    try:
        with lock(places.build_lock, f"Another build is running on {places.database}"):
            return build(dbt_command(arguments), places, console)
    except Busy as busy:
        console.print(str(busy), markup=False)
        return BUSY


if __name__ == "__main__":
    sys.exit(main())
