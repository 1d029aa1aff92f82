"""``python -m customer_success.claims``: check the claims of the seed, and compare them with the last build.

Without a built database it checks only the form of the claims, and its message says so.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import duckdb
import pandas as pd
import yaml

from .check import problems, unsupported, verdicts_of
from .claim import read_claims

CLAIMS = Path("seeds/claims/claims.csv")


def main(arguments: list[str] | None = None) -> int:
    """Print the verdicts; 1 and what is wrong where a claim is malformed, or published and unsupported."""
    parser = argparse.ArgumentParser(prog="customer_success.claims", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the dbt project")
    parser.add_argument("--database", type=Path, help="built database; default CS_DATABASE or the project's")
    options = parser.parse_args(arguments)
    table = pd.read_csv(options.project / CLAIMS, dtype={"period_a": str, "period_b": str})
    settings = read_settings(options.project)
    wrong = problems(table, read_metrics(options.project), settings["widest"])
    database = options.database or Path(
        os.environ.get("CS_DATABASE", options.project / "warehouse" / "working.duckdb")
    )
    if not wrong and database.exists():
        wrong = _compare(table, settings, database)
    elif not wrong:
        print(f"{len(table)} claims are well formed; build {database} to compare them with data.")
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


def read_metrics(project: Path) -> dict[str, dict]:
    """The metrics that the project defines, each with its facts, such as unit and direction."""
    files = (project / "models" / "semantic").glob("*.yml")
    read = (yaml.safe_load(file.read_text(encoding="utf-8")) or {} for file in files)
    metrics = [metric for content in read for metric in content.get("metrics", [])]
    return {metric["name"]: metric.get("config", {}).get("meta", {}) for metric in metrics}


def read_settings(project: Path) -> dict[str, float]:
    """The settings of verdicts, from the vars of the project."""
    variables = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return {
        "alpha": variables["claim_alpha"],
        "seed": variables["random_seed"],
        "widest": variables["claim_widest_tolerance"],
    }


def _compare(table: pd.DataFrame, settings: dict[str, float], database: Path) -> list[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            verdicts = verdicts_of(read_claims(table), connection, **settings)
        except duckdb.CatalogException as missing:
            print(f"{len(table)} claims are well formed; {database} lacks a table: {missing}")
            return []
    for row in verdicts.itertuples():
        print(f"{row.claim_id} ({row.status}): {row.verdict}, {row.reason}")
    return unsupported(verdicts)


if __name__ == "__main__":
    sys.exit(main())
