"""Proof: published models are those that this build fitted, on inputs that raw rows give.

The marts are the packed output of this build's runs, by hash (``model_outputs``). The classifier's run is one
on this build's inputs, and its model, fitted again without the labels of the test rows, gives the same
probabilities (``model_refit``). The analysis of survival, run again, gives the same tables. The data of
both are recounted from raw rows for a sample of households (``model_inputs``).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import duckdb

from customer_success.packed import HASHES, pack
from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.survival import SurvivalSettings
from customer_success.survival import run as run_survival

from .drawn import drawn
from .model_fit import Inputs
from .model_inputs import wrong_inputs, wrong_severities
from .model_outputs import CHURN, SURVIVAL, packed, unknown_marts, wrong_outputs
from .model_refit import wrong_run

PROOF = "models of this build"


def prove_models(candidate: Candidate) -> list[Problem]:
    """Return the published models that this build did not compute, or computed from other inputs."""
    unknown = unknown_marts(candidate.manifest)
    found = [
        (
            mart,
            f"{mart} shows a run, and no proof compares it with the run: add it to MARTS in"
            " recount/model_outputs.py.",
        )
        for mart in unknown
    ]
    with duckdb.connect(str(candidate.places.database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        found += wrong_outputs(connection, candidate.as_of_date)
        inputs = Inputs.read(connection, candidate.variables)
        found += [(CHURN, message) for message in wrong_run(packed(connection, CHURN), inputs)]
        found += [(SURVIVAL, message) for message in wrong_survival(connection, candidate.variables)]
        found += _from_raw(connection, candidate)
    return [Problem(PROOF, "fail", message, f"model {name}") for name, message in found]


def wrong_survival(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, object]) -> list[str]:
    """Run the analysis of survival again on this build's tables and compare its output."""
    tables = [
        connection.sql(f"from intermediate.{name} order by household_id").to_arrow_table()
        for name in ("int_survival_households", "int_survival_customers")
    ]
    again = run_survival(*tables, SurvivalSettings(seed=int(variables["random_seed"])))
    theirs = {name: sorted(rows) for name, rows in packed(connection, SURVIVAL).items() if name != HASHES}
    ours: dict[str, list[str]] = {}
    for row in pack({name: table for name, table in again.items() if name != HASHES}).to_pylist():
        ours.setdefault(row["output"], []).append(row["content"])
    return [
        f"Output {name} of {SURVIVAL} ({len(theirs.get(name, []))} rows) differs from a new run on the"
        f" same households ({len(ours.get(name, []))} rows)."
        for name in sorted(ours.keys() | theirs.keys())
        if sorted(ours.get(name, [])) != theirs.get(name, [])
    ]


def _from_raw(connection: duckdb.DuckDBPyConnection, candidate: Candidate) -> list[tuple[str, str]]:
    with drawn(candidate) as found:
        world = found.world.of([*found.sample.scored, *found.survivors])
        top = Fraction(str(candidate.variables["top_mrr_percentile"]))
        return wrong_inputs(connection, world) + wrong_severities(connection, world, top)
