"""``python -m customer_success.build``: dbt build, validations, publication, pages, a summary on one screen.

dbt writes to the working database. Only if all of its tests and all validations passed, and nothing was left
out, are the marts published; else it prints what failed, and readers keep what they had. Exit status is
dbt's, 1 where validations or the publication failed, 2 where no build was begun (no raw data, no such date,
live and simulated data on one ledger), 75 where another build was running or another process has a file open.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from customer_success.building.arguments import RAW_DATA_PATH, dbt_command, target_path
from customer_success.building.candidate import read_candidate
from customer_success.building.datasets import (
    known_datasets,
    mixture_problem,
    raw_dataset,
)
from customer_success.building.in_use import open_elsewhere_is_busy, refuse_if_open
from customer_success.building.refusals import Refused, raw_folder_problem
from customer_success.building.summary import read_summary, show
from customer_success.building.warned import warned_tests
from customer_success.ledger.chain import Head, one_head, to_json
from customer_success.ledger.opening import HeadsDiffer, LedgerBusy
from customer_success.ledger.start import settle
from customer_success.proofs import Candidate, check_at_start, prove
from customer_success.publish import (
    BUSY,
    Busy,
    Gate,
    Places,
    Publication,
    PublicationFailed,
    UnmarkedColumns,
    git_commit,
    ledger_file,
    lock,
    marts_of,
    publish,
    read_gate,
)
from customer_success.publish.child import run_dbt
from customer_success.publish.screen import show_failure, show_partial, show_what_readers_have

REFUSED = 2
LOCKED_CHECKS = ("locked checks", "customer_success.checks.proof:prove")


def build(command: list[str], told: Mapping[str, str], places: Places, console: Console) -> int:
    """Build, validate and, if everything passed and nothing was left out, publish; return the exit status.

    ``command`` and ``told`` are those of `dbt_command`.
    """
    begin = time.monotonic()
    environment = {**os.environ, **told, "CS_GIT_COMMIT": git_commit()}
    target = target_path(command, environment)
    ledger = ledger_file(environment)
    (target / "run_results.json").unlink(missing_ok=True)
    for line in settle(places, ledger):
        console.print(line, markup=False)
    problems = check_at_start(places, ledger)
    if problems:
        show_failure(problems, [("Ledger", ledger)], places, console)
        return 1
    status = run_dbt(command[1:], environment)
    if not (target / "run_results.json").exists():
        console.print("dbt ended before it ran a model; its message above says why. Nothing was published.")
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

    candidate = read_candidate(places, ledger, manifest, run_results, told[RAW_DATA_PATH])
    # The lock of the checks holds the list of proofs too, so it cannot be one of them.
    problems = prove(candidate, [LOCKED_CHECKS]) + prove(candidate)
    if problems:
        show_failure(problems, [("Working database", places.database)], places, console)
        return 1
    return validate_and_publish(candidate, gate, environment, begin, console)


def validate_and_publish(
    candidate: Candidate, gate: Gate, environment: Mapping[str, str], begin: float, console: Console
) -> int:
    """Validate the proved build, publish it and print a summary; return the exit status.

    ``begin`` is the moment of `time.monotonic` at which the build began.
    """
    # Libraries that take seconds to import are imported when a build needs them.
    from customer_success.checks import unanswered
    from customer_success.expectations import validate

    places, reports = candidate.places, Path(environment.get("CS_REPORTS", "build/reports"))
    results = validate(places.database, docs=reports / "data_docs", earlier=places.analytics)
    data_docs = reports / "data_docs" / "index.html"
    broken = [result.problem() for result in results if result.status == "fail"] + unanswered(results)
    warned = [result.problem() for result in results if result.status == "warning"]
    warnings = warned_tests(places.database, candidate.manifest, candidate.run_results) + warned
    if broken:
        show_failure(broken, [("Validations, one by one", data_docs)], places, console)
        return 1
    summary = read_summary(places.database)
    heads = planned_heads(places.database, candidate.ledger, gate.invocation_id)
    publication = Publication(
        as_of_date=date.fromisoformat(summary.as_of_date),
        built_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        git_commit=environment["CS_GIT_COMMIT"],
        dataset=summary.dataset,
        tests_passed=gate.tests_passed,
        validations_passed=sum(result.status == "pass" for result in results),
        validations_warned=len(warned),
        invocation_id=gate.invocation_id,
        ledger_head=one_head(heads),
        ledger_heads=to_json(heads),
    )
    try:
        publish(places, marts_of(candidate.manifest), publication)
    except (PublicationFailed, UnmarkedColumns) as problem:
        console.print(f"Nothing was published. {problem}", markup=False)
        show_what_readers_have(places, console)
        return 1
    status = note(places, candidate.ledger, console)
    if status not in (0, BUSY):
        return status
    pages = [*write_pages(places.database, reports), data_docs]
    show(summary, places, pages, warnings, time.monotonic() - begin, console)
    return status


def planned_heads(database: Path, ledger: Path, invocation_id: str) -> dict[str, Head]:
    """Return the heads that the ledger will have once this build has been noted."""
    # It imports the libraries of the models, so only once there is something to publish.
    from customer_success.ledger.record import plan

    return plan(database, ledger, invocation_id)


def note(places: Places, ledger: Path, console: Console) -> int:
    """Note in the ledger what has just been published; return the exit status, and print what prevents it."""
    try:
        remember(places, ledger)
    except LedgerBusy as busy:
        console.print(f"This build was published, and the next one will note it. {busy}", markup=False)
        return BUSY
    except HeadsDiffer as problem:
        console.print(f"This build was published. {problem}", markup=False)
        return 1
    return 0


def remember(places: Places, ledger: Path) -> None:
    """Note in the ledger what has just been published; see `ledger.record.record`."""
    from customer_success.ledger.record import record

    record(places.database, ledger, places)


def write_pages(database: Path, reports: Path) -> list[Path]:
    """Write the pages and return where they are."""
    from customer_success.churn import page as models
    from customer_success.growth import page as growth
    from customer_success.health import page as health
    from customer_success.journeys import page as customers
    from customer_success.metrics import page as metrics
    from customer_success.pages import PAGES
    from customer_success.voice import page as voice

    modules = {
        "customers": customers,
        "growth": growth,
        "health": health,
        "metrics": metrics,
        "models": models,
        "voice": voice,
    }
    return [modules[name].render(database, reports / f"{name}.html") for name in PAGES]


def reject_wrong_data(raw: str, places: Places, ledger: Path) -> None:
    """Raise `Refused` if there are no raw files, or if they are not of the kind that was published before."""
    problem = raw_folder_problem(raw)
    if not problem and raw:
        problem = mixture_problem(raw_dataset(Path(raw)), known_datasets(places, ledger))
    if problem:
        raise Refused(problem)


def main(arguments: list[str] | None = None) -> int:
    """Run one build, unless another one is running on the same database."""
    console = Console()
    places, ledger = Places.from_environment(), ledger_file()
    try:
        command, told = dbt_command(arguments, __doc__)
        busy = f"Another build is running on {places.database}"
        with lock(places.build_lock, busy), open_elsewhere_is_busy():
            refuse_if_open([places.database, ledger])
            reject_wrong_data(told[RAW_DATA_PATH], places, ledger)
            return build(command, told, places, console)
    except Busy as busy:
        console.print(str(busy), markup=False, soft_wrap=True)
        return BUSY
    except Refused as refused:
        console.print(f"Nothing was built. {refused}", markup=False, soft_wrap=True)
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
