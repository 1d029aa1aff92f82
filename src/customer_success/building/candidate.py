"""The input of the proofs on a build."""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

from customer_success.proofs import Candidate
from customer_success.publish import Places


def read_candidate(
    places: Places, ledger: Path, manifest: dict, run_results: dict, raw: str | None = None
) -> Candidate:
    """Gather the input of the proofs on the build that has just ended.

    ``raw`` is the folder that dbt was told to read, '' for connectors; None: that of its vars.
    """
    passed = run_results.get("args", {}).get("vars") or {}
    variables = {**project_variables(), **passed}
    if raw is not None:
        variables["raw_data_path"] = raw
    with duckdb.connect(str(places.database), read_only=True) as connection:
        as_of_date = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    return Candidate(
        places=places,
        ledger=ledger,
        manifest=manifest,
        run_results=run_results,
        variables=variables,
        raw=Path(str(variables["raw_data_path"])) if variables["raw_data_path"] else None,
        as_of_date=as_of_date,
    )


def project_variables(project: Path = Path()) -> dict[str, object]:
    """Return the vars of dbt_project.yml."""
    return yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
