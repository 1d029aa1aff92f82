"""Proof that a build passed all locked checks, each with its locked definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import yaml

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem

from .dbt_checks import NOT_A_RULE, dbt_checks, disabled
from .ledger import forgotten, known_versions
from .lock import LOCK, Locked, drift, latest, read_lock
from .python_checks import python_checks

NOT_AS_LOCKED = "not as locked"
RUN_BY_DBT = {"data_test", "unit_test"}


def prove(candidate: Candidate) -> list[Problem]:
    """Return checks that are missing, weakened, changed or not run, and vars changed on the command line."""
    try:
        locked = read_lock(LOCK)
    except (OSError, KeyError, ValueError) as problem:
        return [Problem("lock of the checks", "unreadable", f"{LOCK} cannot be read: {problem!r}", str(LOCK))]
    project = yaml.safe_load(Path("dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    checks = [*dbt_checks(candidate.manifest, candidate.variables), *python_checks()]
    problems = [
        Problem(check.name, NOT_AS_LOCKED, message, check.file or str(LOCK))
        for check, message in drift(checks, locked, disabled(candidate.manifest))
    ]
    problems += [
        Problem(name, "changed in the lock", message, str(LOCK))
        for name, message in forgotten(known_versions(candidate.ledger), locked)
    ]
    problems += _not_passed(locked, candidate.run_results)
    overrides = candidate.run_results.get("args", {}).get("vars") or {}
    return [*problems, *_overridden(overrides, project), *_of_another_run(candidate)]


def unanswered(results: Iterable[object]) -> list[Problem]:
    """Return locked validations that gave no result although they always need one.

    ``results`` are `expectations.Result`.
    """
    from customer_success.expectations.suites import SUITES

    given = {(result.suite, result.expectation) for result in results}
    return [
        Problem(
            f"{suite.name}: {check.key}", "not carried out", "The validation gave no result.", check.target
        )
        for suite in SUITES
        for check in suite.checks
        if not check.needs and (suite.name, check.key) not in given
    ]


def _not_passed(locked: Iterable[Locked], run_results: dict) -> list[Problem]:
    """Return checks that must pass in this build and did not."""
    statuses = {result["unique_id"]: result["status"] for result in run_results["results"]}
    found = []
    for row in latest(locked).values():
        check = row.check
        if row.is_removed or check.kind not in RUN_BY_DBT or check.required_in != "build":
            continue
        status = statuses.get(check.name)
        good = {"pass", "warn"} if check.severity == "warn" else {"pass"}
        if status not in good:
            message = "It did not run." if status is None else f"It ended with {status}; it must pass."
            found.append(Problem(check.name, "not passed", message, str(LOCK)))
    return found


def _overridden(overrides: Mapping[str, object], project: Mapping[str, object]) -> list[Problem]:
    """Return rules that the command line has changed: only the values of the repository may be published."""
    return [
        Problem(
            f"var {name}",
            "overridden",
            f"It is {overrides[name]!r} on the command line and {project[name]!r} in dbt_project.yml;"
            " only a build with the value of dbt_project.yml may be published.",
            "dbt_project.yml",
        )
        for name in sorted(overrides)
        if name in project and overrides[name] != project[name] and not NOT_A_RULE.fullmatch(name)
    ]


def _of_another_run(candidate: Candidate) -> list[Problem]:
    """Return a problem where the working database was not built by this run of dbt."""
    run = candidate.run_results["metadata"]["invocation_id"]
    database = candidate.places.database
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select distinct invocation_id from analytics.fct_metric_values"
        ).fetchall()
    others = [invocation for (invocation,) in found if invocation != run]
    if not others:
        return []
    message = (
        f"{database} has build {others[0]}, and the checks passed in {run}: check the path in the profile."
    )
    return [Problem("working database", "of another run", message, str(database))]
