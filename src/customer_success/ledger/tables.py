"""The tables of the ledger. dbt makes them at the start of each run (macro open_ledger), Python before a
write.

Each kind has a table of its rows. Three tables record what was appended and when: `chain` has one entry per
batch, `chain_leaves` one hash per row that was ever appended, `household_salts` a random text per household
whose rows the ledger holds. `pending` names the publication that is about to be noted.
"""

from __future__ import annotations

HOUSEHOLDS, PREDICTIONS = "households_seen", "published_predictions"
RUNS, VALUES, VERSIONS = "published_model_runs", "published_metric_values", "published_metric_versions"
CHECKS, FILES = "locked_checks", "published_files"

KINDS: dict[str, dict[str, str]] = {
    HOUSEHOLDS: {"household_hash": "varchar", "first_seen_as_of": "date"},
    PREDICTIONS: {
        "household_id": "varchar",
        "scored_as_of": "date",
        "churn_probability": "double",
        "model_run_id": "varchar",
    },
    RUNS: {
        "model_run_id": "varchar",
        "as_of_date": "date",
        **dict.fromkeys(("selected_model", "status", "reason"), "varchar"),
        **dict.fromkeys(("train_from", "train_to", "test_from", "test_to"), "date"),
        **dict.fromkeys(("n_train", "n_test", "positives_train", "positives_test"), "bigint"),
        **dict.fromkeys(("households_train", "households_test", "churned_train", "churned_test"), "bigint"),
        **dict.fromkeys(("notes", "settings"), "varchar"),
    },
    VALUES: {
        "publication_number": "bigint",
        "metric": "varchar",
        "period_grain": "varchar",
        **dict.fromkeys(("period_start", "period_end"), "date"),
        **dict.fromkeys(("segment_type", "segment"), "varchar"),
        "value": "double",
        "definition_version": "integer",
        "definition_hash": "varchar",
        **dict.fromkeys(("as_of_date", "data_through"), "date"),
        "dataset": "varchar",
        "erased_households": "bigint",
    },
    VERSIONS: {
        "metric": "varchar",
        "version": "integer",
        "definition_hash": "varchar",
        "changed_on": "date",
        "change_note": "varchar",
        **dict.fromkeys(("unit", "direction", "source_of_truth", "ci_method", "conventions"), "varchar"),
        "min_sample": "bigint",
        "first_published_as_of": "date",
    },
    CHECKS: {"kind": "varchar", "name": "varchar", "version": "bigint", "row_hash": "varchar"},
    FILES: {
        "publication_number": "bigint",
        **dict.fromkeys(("folder", "version"), "varchar"),
        "as_of_date": "date",
        **dict.fromkeys(("invocation_id", "manifest_hash"), "varchar"),
    },
}
# Rows of these kinds name a household. Their hashes are salted, so that what an erasure leaves
# behind shows nothing.
SALTED = (PREDICTIONS,)

CHAIN: dict[str, dict[str, str]] = {
    "chain": {
        "kind": "varchar",
        "sequence": "bigint",
        "entry": "varchar",
        "row_count": "bigint",
        **dict.fromkeys(("content_hash", "previous_head", "head", "invocation_id"), "varchar"),
        "as_of_date": "date",
        **dict.fromkeys(("note", "replaces"), "varchar"),
    },
    "chain_leaves": {"kind": "varchar", "sequence": "bigint", "leaf": "blob", "erased_in": "bigint"},
    "household_salts": {"household_id": "varchar", "salt": "varchar"},
    "pending": {"invocation_id": "varchar", "as_of_date": "date", "heads": "varchar"},
}


def table(name: str) -> str:
    """Return the name of a table of the ledger in SQL; the ledger's file is attached as `ledger`."""
    return f"ledger.ledger.{name}"


def definition() -> str:
    """Return the SQL that makes the schema and each table that is not there yet."""
    statements = ["create schema if not exists ledger.ledger"]
    for name, columns in {**KINDS, **CHAIN}.items():
        listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        statements.append(f"create table if not exists {table(name)} ({listed})")
    return ";\n".join(statements)
