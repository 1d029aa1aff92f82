"""The definitions of a dbt project without a build, read from dbt's parse."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from customer_success.lock_command import Refusal

from .definitions import Nodes, catalogue, problems


@dataclass(frozen=True)
class Definitions:
    """Nodes and rule rows (by seed) of a project, and its semantic manifest as JSON."""

    nodes: Nodes
    seeds: dict[str, list[dict]]
    semantic_manifest: str

    def catalogue(self) -> pd.DataFrame:
        """One row per metric; see `definitions.catalogue`."""
        return catalogue(self.nodes, self.seeds)

    def problems(self) -> list[str]:
        """What is wrong with the definitions, MetricFlow's own rules included."""
        return problems(self.nodes, self.seeds) + semantic_problems(self.semantic_manifest)


def parse(project: Path, target: Path) -> None:
    """Let dbt parse ``project`` into the folder ``target``; ``Refusal`` with dbt's message if it cannot."""
    dbt = Path(sys.executable).parent / "dbt"
    command = [str(dbt), "--quiet", "--no-use-colors", "parse", "--target-path", str(target.absolute())]
    done = subprocess.run(command, cwd=project, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Refusal(f"The project does not parse:\n{done.stdout}{done.stderr}".rstrip())


def read(project: Path, target: Path) -> Definitions:
    """The definitions that dbt left in ``target``, with the seeds and vars of ``project``.

    Vars are those of dbt_project.yml. OSError where a file is missing.
    """
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    variables = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    seeds = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed":
            with (project / node["original_file_path"]).open(newline="", encoding="utf-8") as rows:
                seeds[node["name"]] = list(csv.DictReader(rows))
    semantic = (target / "semantic_manifest.json").read_text(encoding="utf-8")
    return Definitions(Nodes.of_manifest(manifest, variables), seeds, semantic)


def semantic_problems(manifest: str) -> list[str]:
    """Errors of MetricFlow's own validation of a semantic manifest (JSON)."""
    # Imported here: it takes seconds, and a build never needs it.
    from metricflow_semantic_interfaces.validations.semantic_manifest_validator import (
        SemanticManifestValidator,
    )
    from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest

    parsed = parse_manifest_from_dbt_generated_manifest(manifest_json_string=manifest)
    found = SemanticManifestValidator().validate_semantic_manifest(parsed)
    return [issue.as_readable_str() for issue in found.all_issues if found.has_blocking_issues]
