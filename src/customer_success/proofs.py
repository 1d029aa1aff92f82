"""What a build must prove before it is published, beside dbt's tests and the validations.

Each proof is a function that takes the `Candidate` and returns what it found wrong, one `Problem` per
finding; an empty list is a pass. Proofs read the working database and the ledger and write to neither. They
run in the order in which they stand here, after dbt has closed the database. Checks at the start run before
dbt, on what earlier builds left: the ledger and the published files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path

from customer_success.publish import Places
from customer_success.publish.gate import Problem


@dataclass(frozen=True)
class Candidate:
    """A build that may be published: its files, dbt's artifacts, and the vars it was built with.

    ``manifest`` and ``run_results`` are dbt's JSON artifacts. ``variables`` are the vars as dbt resolved them
    (dbt_project.yml, then the command line). ``raw`` is the folder of the raw files; None where connectors
    land the raw tables in the working database.
    """

    places: Places
    ledger: Path
    manifest: dict
    run_results: dict
    variables: dict[str, object]
    raw: Path | None
    as_of_date: date


# (name, module:function), in the order in which they run. Modules are imported when their turn comes.
PROOFS: tuple[tuple[str, str], ...] = (
    ("ledger while dbt ran", "customer_success.ledger.start:prove_ledger"),
    ("metric versions", "customer_success.metrics.published_lock:prove_versions"),
    ("staging against raw", "customer_success.recount.staging:prove_staging"),
    ("recount of metrics", "customer_success.recount.metrics:prove_metrics"),
    ("scores from raw", "customer_success.recount.scores:prove_scores"),
    ("models of this build", "customer_success.recount.models:prove_models"),
    ("intervals", "customer_success.recount.intervals:prove_intervals"),
    ("claims", "customer_success.recount.claims:prove_claims"),
    ("restatements", "customer_success.ledger.restatements:prove_restatements"),
    ("erasures", "customer_success.ledger.erasure:prove_erasures"),
)
CHECKS_AT_START: tuple[tuple[str, str], ...] = (
    ("ledger", "customer_success.ledger.start:check_ledger"),
    ("metric lock", "customer_success.metrics.published_lock:check_lock"),
    ("published files", "customer_success.publish.verify:check_published"),
)


def prove(candidate: Candidate, proofs: Sequence[tuple[str, str]] = PROOFS) -> list[Problem]:
    """Run all proofs and return every problem they found, each under the name of its proof."""
    return [_named(name, problem) for name, where in proofs for problem in _function(where)(candidate)]


def check_at_start(
    places: Places, ledger: Path, checks: Sequence[tuple[str, str]] = CHECKS_AT_START
) -> list[Problem]:
    """Check what earlier builds left; called before dbt starts."""
    return [_named(name, problem) for name, where in checks for problem in _function(where)(places, ledger)]


def _named(proof: str, problem: Problem) -> Problem:
    """Put the name of the proof before that of what it found."""
    if problem.name.startswith(proof):
        return problem
    return replace(problem, name=f"{proof}: {problem.name}")


def _function(where: str) -> Callable[..., list[Problem]]:
    module, name = where.split(":")
    return getattr(import_module(module), name)
