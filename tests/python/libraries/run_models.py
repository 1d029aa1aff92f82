"""``python run_models.py DATABASE MANIFEST``: run Python models after `import_libraries`.

Prints as JSON, by model, the modules that were imported only then. The tables of the built database are
not enough for the churn model to be fitted, so that it is run on simulated snapshots as well.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import dbt.adapters.duckdb
import dbt.cli.main  # noqa: F401  # what is imported in every run of dbt
import duckdb

from customer_success.libraries import import_libraries


class Config:
    """What a model sees as dbt.config."""

    def __init__(self, values: dict):
        self.get = values.get

    def __call__(self, **_) -> None:
        return None


class Dbt:
    """What a model sees as dbt."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, nodes: dict[str, dict], name: str, incremental):
        self._connection, self._nodes = connection, nodes
        self.config, self.is_incremental = Config(nodes[name]["config"]), incremental
        self.this = self._place(name)

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        return self._connection.query(f"from {self._place(name)}")

    def _place(self, name: str) -> str:
        return f"{self._nodes[name]['schema']}.{self._nodes[name]['alias']}"


def newly_imported(action: Callable[[], object]) -> list[str]:
    """Do it and return the modules that this imported."""
    before = set(sys.modules)
    action()
    return sorted(set(sys.modules) - before)


def run_model(connection: duckdb.DuckDBPyConnection, nodes: dict[str, dict], name: str) -> None:
    """Run a model as dbt does, from nothing and on what it has made before."""
    spec = importlib.util.spec_from_file_location("loaded_model", nodes[name]["original_file_path"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for incremental in (False, True):
        module.model(Dbt(connection, nodes, name, incremental), connection)


def fit_churn_model() -> None:
    """Fit, evaluate and score on snapshots of households with different risks."""
    import churn_panels as small

    from customer_success.churn import evaluate, fit, score

    table = small.panel(500, 8, seed=3)
    evaluation = evaluate(fit(table, small.SPEC, small.FAST), table, small.BANDS)
    last = table[table["snapshot_date"] == table["snapshot_date"].max()]
    score(evaluation.model, last, small.SPEC, small.BANDS)


def main() -> None:
    database, manifest = map(Path, sys.argv[1:3])
    nodes = {node["name"]: node for node in json.loads(manifest.read_text())["nodes"].values()}
    models = sorted(name for name, node in nodes.items() if node.get("language") == "python")
    import_libraries()
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in models:
            found[name] = newly_imported(partial(run_model, connection, nodes, name))
    sys.path.append(str(Path(__file__).resolve().parents[1] / "churn"))
    fitted = newly_imported(fit_churn_model)
    found["a churn model that is fitted"] = [name for name in fitted if name != "churn_panels"]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
