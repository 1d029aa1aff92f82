"""What a build must prove before it is published, beside dbt's tests and the validations.

Each proof is a function that takes the `Candidate` and returns what it found wrong, one `Problem` per
finding; an empty list is a pass. Proofs read the working database and the ledger and write to neither. They
run in the order of the list below, after dbt has closed the database. Input that several proofs share
is read once (`Candidate.read_once`). Checks at the start run before dbt, on what earlier builds left: the
ledger and the published files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from customer_success.publish import Places
from customer_success.publish.gate import Problem

T = TypeVar("T")


class Readings:
    """Readings that proofs of one build share. One reading is open at a time, as each takes memory.

    Proofs that share a reading are therefore neighbours in ``PROOFS``.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._name: str | None = None
        self._opened: object = None

    def __enter__(self) -> Readings:
        return self

    def __exit__(self, *exception) -> None:
        self._name = self._opened = None
        self._stack.close()

    def get(self, name: str, read: Callable[[], AbstractContextManager[T]]) -> T:
        """Return the reading of this name; if it is not held, close the one before and ``read`` it."""
        if name != self._name:
            self.__exit__()
            self._opened = self._stack.enter_context(read())
            self._name = name
        return self._opened


@dataclass(frozen=True)
class Candidate:
    """A build that may be published: its files, dbt's artifacts, and the vars it was built with.

    ``manifest`` and ``run_results`` are dbt's JSON artifacts. ``variables`` are the vars as dbt resolved them
    (dbt_project.yml, then the command line). ``raw`` is the folder of the raw files; None where connectors
    land the raw tables in the working database. ``readings`` are there while `prove` runs.
    """

    places: Places
    ledger: Path
    manifest: dict
    run_results: dict
    variables: dict[str, object]
    raw: Path | None
    as_of_date: date
    readings: Readings | None = field(default=None, compare=False, repr=False)

    @contextmanager
    def read_once(self, name: str, read: Callable[[], AbstractContextManager[T]]) -> Iterator[T]:
        """Yield what ``read`` opens: shared with the other proofs while `prove` runs, else closed afterwards.

        Proofs share readings of the inputs only: none changes what it shares, reuses a result of another
        proof, or opens a second reading inside the first.
        """
        if self.readings is not None:
            yield self.readings.get(name, read)
            return
        with read() as opened:
            yield opened


# (name, module:function), in the order in which they run. Modules are imported when their turn comes.
PROOFS: tuple[tuple[str, str], ...] = (
    ("ledger while dbt ran", "customer_success.ledger.start:prove_ledger"),
    ("metric versions", "customer_success.metrics.published_lock:prove_versions"),
    ("staging against raw", "customer_success.recount.staging:prove_staging"),
    ("counts of raw rows", "customer_success.recount.reconciled:prove_counts"),
    ("recount of metrics", "customer_success.recount.metrics:prove_metrics"),
    ("scores from raw", "customer_success.recount.scores:prove_scores"),
    ("marts", "customer_success.recount.marts.prove:prove_marts"),
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
    with Readings() as readings:
        shared = replace(candidate, readings=readings)
        return [_named(name, problem) for name, where in proofs for problem in _function(where)(shared)]


def check_at_start(
    places: Places, ledger: Path, checks: Sequence[tuple[str, str]] = CHECKS_AT_START
) -> list[Problem]:
    """Check what earlier builds left; called before dbt starts."""
    return [_named(name, problem) for name, where in checks for problem in _function(where)(places, ledger)]


def _named(proof: str, problem: Problem) -> Problem:
    """Put the name of the proof before that of its finding."""
    if problem.name.startswith(proof):
        return problem
    return replace(problem, name=f"{proof}: {problem.name}")


def _function(where: str) -> Callable[..., list[Problem]]:
    module, name = where.split(":")
    return getattr(import_module(module), name)
