"""Proof: the counts of fct_source_reconciliation are those of the recount's reading of the raw tables."""

from __future__ import annotations

import duckdb

from customer_success.proofs import Candidate
from customer_success.publish.gate import Problem
from customer_success.recount.reading.contract import TABLES
from customer_success.recount.reading.opened import opened
from customer_success.recount.staged_columns import major

PROOF = "counts of raw rows"
MART = "fct_source_reconciliation"
AMOUNTS = {"stripe.charge": "amount", "stripe.refund": "amount", "stripe.invoice": "amount_paid"}
# Column of the mart: the rows of raw that it counts.
COUNTED = {
    "raw_value": "true",
    "quarantined": "row_class = 'quarantined' and reason <> 'erased_household'",
    "erased": "row_class = 'quarantined' and reason = 'erased_household'",
    "duplicates": "row_class = 'duplicate'",
    "superseded": "row_class = 'superseded'",
    "deleted": "row_class = 'deleted'",
    "not_live": "row_class = 'not_live'",
    "after_as_of_date": "row_class = 'later'",
}

LOSSES = tuple(name for name in COUNTED if name != "raw_value")


def prove_counts(candidate: Candidate) -> list[Problem]:
    """Compare the published counts of raw rows, and sums of raw amounts, with raw."""
    with opened(candidate) as (connection, catalog):
        return wrong_counts(connection, catalog, str(candidate.variables["reporting_currency"]).lower())


def wrong_counts(connection: duckdb.DuckDBPyConnection, catalog: str, currency: str) -> list[Problem]:
    """Compare counts of rows, and sums of amounts in ``currency`` (major units), per raw table.

    Returns a problem per row that differs.
    """
    measures = [(table.name, "rows", "1", "true") for table in TABLES]
    same = f"currency = '{currency}'"
    measures += [(name, column, major(column), same) for name, column in AMOUNTS.items()]
    counted = " union all ".join(_counted(*measure) for measure in measures)
    listed = ", ".join(COUNTED)
    rows = connection.execute(
        f"select * from ({counted}) as ours full join (select source, entity, measure, {listed}"
        f" from {catalog}.analytics.{MART}) as theirs using (source, entity, measure)"
        " order by source, entity, measure"
    ).fetchall()
    found = []
    for source, entity, measure, *values in rows:
        ours, theirs = values[: len(COUNTED)], values[len(COUNTED) :]
        wrong = [
            f"{name} is {shown}, raw gives {given}"
            for name, given, shown in zip(COUNTED, ours, theirs, strict=True)
            if given != shown
        ]
        if wrong:
            message = f"{MART}, {measure} of {source}.{entity}: {'; '.join(wrong)}."
            found.append(Problem(PROOF, "fail", message, f"model {MART}"))
    return found


def _counted(name: str, measure: str, value: str, where: str) -> str:
    source, entity = name.split(".")
    sums = ", ".join(
        f"coalesce(sum({value}) filter (where {condition}), 0)::decimal(18, 2) as {column}"
        for column, condition in COUNTED.items()
    )
    return (
        f"select '{source}' as source, '{entity}' as entity, '{measure}' as measure, {sums}"
        f" from raw_read.{source}__{entity} where {where}"
    )
