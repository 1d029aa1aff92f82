"""Compares the marts of models with the run of this build, value by value.

A run hands over its tables packed, with the SHA-256 of each. Here the packed rows are hashed again, and each
mart is turned back into such rows and hashed too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb

from customer_success.packed import HASHES, hash_of

CHURN, SURVIVAL = "ml_churn_run", "ml_survival_run"


@dataclass(frozen=True)
class Unfolded:
    """A mart that shows one output of a run.

    ``renamed`` maps columns of the mart to those of the run, ``added`` names columns that the run
    does not have. ``where`` is SQL: the rows of the mart of this run.
    """

    mart: str
    run: str
    output: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    where: str = "true"


MARTS = (
    Unfolded("ml_churn_predictions", CHURN, "predictions", added=frozenset({"scored_as_of"})),
    Unfolded(
        "ml_model_runs", CHURN, "runs", added=frozenset({"as_of_date", "is_current"}), where="is_current"
    ),
    Unfolded("ml_model_metrics", CHURN, "metrics"),
    Unfolded("ml_model_candidates", CHURN, "candidates"),
    Unfolded("ml_model_curves", CHURN, "curves"),
    Unfolded("ml_feature_importance", CHURN, "importance"),
    Unfolded("ml_calibration", CHURN, "calibration", {"observed_rate": "observed"}),
    Unfolded("ml_survival_curves", SURVIVAL, "curves"),
    Unfolded(
        "ml_survival_fit",
        SURVIVAL,
        "fit",
        {
            "concordance_in_sample": "concordance",
            "concordance_later_cohort": "later_concordance",
            "log_likelihood_ratio": "likelihood_ratio",
            "log_likelihood_ratio_df": "likelihood_ratio_df",
            "log_likelihood_ratio_p": "likelihood_ratio_p",
            "ties_method": "ties",
        },
    ),
    Unfolded(
        "ml_survival_summary", SURVIVAL, "summary", {"ph_test_p": "ph_p_value", "ph_test_action": "ph_action"}
    ),
    # A customer without a prediction is in the mart too, with the reason.
    Unfolded(
        "ml_survival_predictions",
        SURVIVAL,
        "predictions",
        where="household_id in (select json_extract_string(content, '$.household_id')"
        " from intermediate.ml_survival_run where output = 'predictions')",
    ),
)


def wrong_outputs(connection: duckdb.DuckDBPyConnection, as_of_date: date) -> list[tuple[str, str]]:
    """Return (mart or run, what is wrong) for each table that differs from this build's runs."""
    found = []
    for run in (CHURN, SURVIVAL):
        found += [(run, message) for message in _wrong_hashes(run, packed(connection, run))]
    for unfolded in MARTS:
        found += [(unfolded.mart, message) for message in _wrong_mart(connection, unfolded)]
    return found + _wrong_dates(connection, as_of_date) + _left_out(connection)


# Models that read a run and are no plain output of it, with the function that proves them.
PROVED_ELSEWHERE = {
    "fct_churn_severity": "customer_success.recount.model_inputs:wrong_severities",
    "int_claim_verdicts": "customer_success.recount.claims:prove_claims",
}


def unknown_marts(manifest: Mapping) -> list[str]:
    """List the models that read a run and that no proof compares with it."""
    runs = {key for key, node in manifest.get("nodes", {}).items() if node["name"] in (CHURN, SURVIVAL)}
    known = {unfolded.mart for unfolded in MARTS} | set(PROVED_ELSEWHERE)
    return sorted(
        node["name"]
        for node in manifest.get("nodes", {}).values()
        if node["resource_type"] == "model" and runs & set(node.get("depends_on", {}).get("nodes", ()))
        if node["name"] not in known
    )


def packed(connection: duckdb.DuckDBPyConnection, run: str) -> dict[str, list[str]]:
    """Return the rows of each output of a run, as the run packed them and in its order."""
    rows = connection.execute(
        f"select output, content from intermediate.{run} order by output, row_number"
    ).fetchall()
    outputs: dict[str, list[str]] = {}
    for output, content in rows:
        outputs.setdefault(output, []).append(content)
    return outputs


def _wrong_hashes(run: str, outputs: dict[str, list[str]]) -> list[str]:
    """Compare the packed rows with the hashes that the package noted when it computed them."""
    noted = {row["output"]: row for row in map(json.loads, outputs.get(HASHES, []))}
    if not noted:
        return [f"{run} has no hashes, so its rows cannot be compared with the package's run."]
    found = []
    for output in sorted(noted.keys() | outputs.keys() - {HASHES}):
        entry = noted.get(output)
        rows = outputs.get(output, [])
        if entry is None or entry["sha256"] != hash_of(rows) or entry["rows"] != len(rows):
            computed = "nothing" if entry is None else f"{entry['rows']} rows, hash {entry['sha256'][:12]}"
            found.append(
                f"Output {output} of {run}: the run computed {computed}; the table holds {len(rows)} rows,"
                f" hash {hash_of(rows)[:12]}."
            )
    return found


def _wrong_mart(connection: duckdb.DuckDBPyConnection, unfolded: Unfolded) -> list[str]:
    """Compare the rows of a mart with those of the run, as sets of lines of the same columns."""
    rows = connection.execute(f"select * from analytics.{unfolded.mart} where {unfolded.where}")
    columns = [column[0] for column in rows.description if column[0] not in unfolded.added]
    places = [i for i, column in enumerate(rows.description) if column[0] in columns]
    shown = sorted(_line([row[i] for i in places]) for row in rows.fetchall())
    keys = [unfolded.renamed.get(column, column) for column in columns]
    contents = [json.loads(content) for content in packed(connection, unfolded.run).get(unfolded.output, [])]
    lacking = [key for key in keys if contents and key not in contents[0]]
    if lacking:
        return [f"{unfolded.mart} has column {lacking[0]}, which {unfolded.run} does not compute."]
    computed = sorted(_line([content[key] for key in keys]) for content in contents)
    if _digest(shown) == _digest(computed):
        return []
    extra, gone = sorted(set(shown) - set(computed)), sorted(set(computed) - set(shown))
    return [
        f"{unfolded.mart} is not output {unfolded.output} of this build's {unfolded.run} (hash"
        f" {_digest(shown)[:12]}, computed {_digest(computed)[:12]}): {len(shown)} rows for {len(computed)};"
        f" the mart alone has {extra[0] if extra else 'none'}, the run alone {gone[0] if gone else 'none'}."
    ]


def _wrong_dates(connection: duckdb.DuckDBPyConnection, as_of_date: date) -> list[tuple[str, str]]:
    found = []
    for mart, column, where in (
        ("ml_churn_predictions", "scored_as_of", "true"),
        ("ml_model_runs", "as_of_date", "is_current"),
    ):
        dates = connection.execute(f"select distinct {column} from analytics.{mart} where {where}").fetchall()
        wrong = [day for (day,) in dates if day != as_of_date]
        if wrong:
            found.append((mart, f"{mart}.{column} is {wrong[0]} in a build as of {as_of_date}."))
    return found


def _left_out(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return problems of survival predictions that the run did not make, and of customers left out."""
    mart = "ml_survival_predictions"
    invented, missing = connection.execute(
        """
        select
            count(*) filter (
                where run.household_id is null and coalesce(
                    mart.median_days_remaining, mart.survival_30d, mart.survival_90d, mart.survival_365d
                ) is not null
            ),
            count(*) filter (where mart.household_id is null)
        from analytics.ml_survival_predictions as mart
        full join (
            select json_extract_string(content, '$.household_id') as household_id
            from intermediate.ml_survival_run where output = 'predictions'
        ) as run on mart.household_id = run.household_id
        """
    ).fetchone()
    found = []
    if invented:
        found.append((mart, f"{mart} predicts for {invented} households that the run does not have."))
    if missing:
        found.append((mart, f"{mart} leaves out {missing} households for which the run predicts."))
    return found


def _line(values: Iterable[object]) -> str:
    """Write a row so that equal values are equal texts, from either of the two sides."""
    return json.dumps([_plain(value) for value in values], allow_nan=False)


def _plain(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return float(value)
    return str(value)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
