"""The small company, built, validated and published by the build command; only dbt is replaced."""

from __future__ import annotations

import copy
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from customer_success import build as build_command
from customer_success.building.arguments import RAW_DATA_PATH
from customer_success.publish import Places


@dataclass
class Workshop:
    """A warehouse of its own for builds, from the end of dbt on."""

    places: Places
    target: Path
    raw: Path
    manifest: dict
    results: dict

    @property
    def unpublished_ledger(self) -> Path:
        """The ledger as dbt left it, before anything was published."""
        return self.target.parent / "ledger_before.duckdb"

    def build(
        self, monkeypatch, results: dict | None = None, manifest: dict | None = None
    ) -> tuple[int, str]:
        """Run the build command as if dbt had ended with these artifacts; return status and screen."""
        results = results or self.results
        (self.target / "manifest.json").write_text(json.dumps(manifest or self.manifest))
        failed = any(result["status"] in {"fail", "error"} for result in results["results"])

        def dbt(arguments, environment) -> int:
            (self.target / "run_results.json").write_text(json.dumps(results))
            return int(failed)

        monkeypatch.setattr(build_command, "run_dbt", dbt)
        monkeypatch.setenv("CS_REPORTS", str(self.target.parent / "reports"))
        monkeypatch.setenv("CS_LEDGER", str(self.target.parent / "ledger.duckdb"))
        screen = io.StringIO()
        command = ["dbt", "build", "--target-path", str(self.target)]
        told = {RAW_DATA_PATH: str(self.raw)}
        status = build_command.build(command, told, self.places, Console(file=screen, width=120))
        return status, screen.getvalue()

    def with_status(self, name: str, status: str) -> dict:
        """Results in which one node ended in another way."""
        results = copy.deepcopy(self.results)
        for result in results["results"]:
            if result["unique_id"].split(".")[2] == name:
                result |= {"status": status, "message": f"{name} failed here"}
        return results


@pytest.fixture(scope="session")
def workshop(warehouse, warehouse_raw, tmp_path_factory) -> Workshop:
    """The small company's warehouse, with the results of a build in which everything passed."""
    folder = tmp_path_factory.mktemp("workshop") / "it's read here"
    (folder / "target").mkdir(parents=True)
    shutil.copy2(warehouse.database, folder / "working.duckdb")
    for name in ("ledger.duckdb", "ledger_before.duckdb"):
        shutil.copy2(warehouse.ledger, folder / name)
    manifest = json.loads((warehouse.project.parsed / "manifest.json").read_text())
    nodes = {**manifest["nodes"], **manifest["unit_tests"]}
    invocation = warehouse.value("select any_value(invocation_id) from analytics.fct_metric_values")
    results = {
        "metadata": {"invocation_id": invocation},
        "args": {"which": "build"},
        "results": [
            {
                "unique_id": key,
                "status": "pass" if node["resource_type"] in {"test", "unit_test"} else "success",
                "message": None,
            }
            for key, node in nodes.items()
            if node["resource_type"] in {"model", "seed", "test", "unit_test"}
        ],
    }
    places = Places(folder / "working.duckdb", folder)
    return Workshop(places, folder / "target", warehouse_raw, manifest, results)


@pytest.fixture(scope="session")
def published(workshop) -> tuple[Workshop, int, str]:
    """The first publication: the workshop, exit status and screen."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return workshop, *workshop.build(monkeypatch)
