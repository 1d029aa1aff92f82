"""Claims before they are merged: is their form valid, and do the data of the last build support them?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd
from duckdb import DuckDBPyConnection

from .claim import METRICS, Claim, MalformedClaim, read_claims
from .deck import verdicts_on
from .evidence import Data
from .households import household_reader
from .periods import TRAILING, resolve
from .statement import objections, unit_and_direction
from .verdicts import SUPPORTED

ANY_DAY = date(2100, 1, 1)
MOVING = rf"{TRAILING}|(week|month|quarter)-\d+"


def problems(table: pd.DataFrame, metrics: Mapping[str, Mapping], widest: float) -> list[str]:
    """Return what is wrong with the claims of the seed, a line each; empty where nothing is.

    `metrics`: of each metric there is, `unit` and `direction`. `widest`: see `statement.objections`. A
    published claim names its periods: one that is counted back from the last day would change with
    every build.
    """
    found = [
        f"claim {name}: has two rows in the seed"
        for name in table["claim_id"][table["claim_id"].duplicated()]
    ]
    for row in range(len(table)):
        try:
            claim = read_claims(table.iloc[[row]])[0]
        except MalformedClaim as problem:
            found.append(str(problem))
        else:
            mismatches = objections(claim, *unit_and_direction(claim, metrics), widest)
            found += [
                f"claim {claim.claim_id}: {what}" for what in [*_objections(claim, metrics), *mismatches]
            ]
    return found


def _objections(claim: Claim, metrics: Mapping[str, Mapping]) -> list[str]:
    if claim.evidence != METRICS:
        return []
    found = [] if claim.metric in metrics else [f"there is no metric {claim.metric}"]
    for name in filter(None, (claim.period_a, claim.period_b)):
        try:
            resolve(name, ANY_DAY)
        except ValueError as problem:
            found.append(str(problem))
        if claim.status == "published" and re.fullmatch(MOVING, name):
            found.append(
                f"is published, and its period {name} moves with every build: write a fixed one (2026-Q2)"
            )
    return found


def verdicts_of(
    claims: list[Claim], connection: DuckDBPyConnection, *, alpha: float, seed: int, widest: float
) -> pd.DataFrame:
    """Return the verdicts on claims by the tables of a built database (see `deck.verdicts_on`).

    Raises duckdb.Error where a table is missing.
    """
    definitions = connection.table("intermediate.int_metric_definitions").df()
    families = {name: connection.table(f"intermediate.{name}") for name in definitions["family"].unique()}
    data = Data(
        as_of=connection.table("intermediate.int_metric_periods").max("end_day").fetchone()[0],
        metrics=definitions,
        values=connection.table("analytics.fct_metric_values").df(),
        households=household_reader(families, definitions),
        model_runs=connection.table("analytics.ml_model_runs").filter("is_current").df(),
        model_metrics=connection.table("analytics.ml_model_metrics").df(),
    )
    return verdicts_on(claims, data, alpha=alpha, seed=seed, widest=widest)


def unsupported(verdicts: pd.DataFrame) -> list[str]:
    """Return the published claims that the data do not support, a line each."""
    wrong = verdicts[(verdicts["status"] == "published") & (verdicts["verdict"] != SUPPORTED)]
    return [
        f"claim {row.claim_id} is published and {row.verdict}: {row.reason}" for row in wrong.itertuples()
    ]
