"""Reads from dbt's artifacts whether a build is whole, and whether anything in it failed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .dbt_message import shown_message

# Unit tests do not depend on the data: the test suite runs them, a build need not.
BUILT = {"model", "seed", "snapshot", "test"}
GOOD = {"success", "pass", "warn", "no-op"}
SAMPLED = ("empty", "sample")


@dataclass(frozen=True)
class Problem:
    """One check that failed: its name, its status, the message, and the file to look at."""

    name: str
    status: str
    message: str
    file: str


@dataclass(frozen=True)
class Gate:
    """What may prevent the publication of a build.

    ``left_out`` are the names of nodes of a whole build that this one did not run, ``sampled``: it
    ran on a part of the rows. ``tests_passed`` counts data tests and unit tests.
    """

    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]
    sampled: bool
    tests_passed: int
    invocation_id: str

    @property
    def is_whole(self) -> bool:
        return not self.left_out and not self.sampled


def read_gate(manifest: dict, run_results: dict) -> Gate:
    """Check a run of dbt by its artifacts.

    The nodes that ran decide whether a build is whole, not the arguments of dbt: a selection of all nodes is
    a whole build, and one that leaves a node out is not.
    """
    nodes = {**manifest["nodes"], **manifest.get("unit_tests", {})}
    expected = {key for key, node in nodes.items() if node["resource_type"] in BUILT}
    results = {result["unique_id"]: result for result in run_results["results"]}
    problems = tuple(
        _problem(key, result, nodes.get(key, {}))
        for key, result in results.items()
        if result["status"] not in GOOD
    )
    arguments = run_results.get("args", {})
    passed = [
        key
        for key, result in results.items()
        if result["status"] == "pass" and key.split(".")[0] in {"test", "unit_test"}
    ]
    return Gate(
        problems=problems,
        left_out=tuple(sorted(nodes[key]["name"] for key in expected - results.keys())),
        sampled=any(arguments.get(name) for name in SAMPLED),
        tests_passed=len(passed),
        invocation_id=run_results["metadata"]["invocation_id"],
    )


def _problem(key: str, result: dict, node: dict) -> Problem:
    return Problem(
        name=node.get("name", key),
        status=result["status"],
        message=shown_message(result.get("message")),
        file=str(Path(node.get("original_file_path", ""))),
    )
