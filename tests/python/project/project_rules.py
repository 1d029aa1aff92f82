"""Rules of the layers, as functions of dbt's manifest: each returns the models that break it, with a reason.

They restate rules of dbt-project-evaluator that this project keeps.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

KEY_TESTS = {"unique", "unique_combination", "unique_valid_rows", "one_row", "rows_of"}
# Empty while dbt tests it: the validations and the publication write its rows.
FILLED_AFTER_DBT = {"fct_validation_results", "publication", "publication_files"}
# Reads dbt's graph instead of models.
READS_THE_GRAPH = {"int_metric_nodes"}
MART_PREFIXES = ("dim_", "fct_", "rpt_", "ml_")
# Names that documents gave to readers before there were prefixes. A new mart takes a prefix.
NAMES_OF_DOCUMENTS = {
    "account_health_logs",
    "churn_predictions_v2",
    "customer_health_scores",
    "customer_sentiment",
    "expansion_opportunities",
    "escalation_quotes",
    "journey_stage_transitions",
    "publication",
    "publication_files",
    "published_metrics",
    "withheld_metrics",
}
LONGEST_CHAIN = 20
# Models of health and churn, and the models that must not depend on them.
SCORES = {"int_health_parts", "ml_churn_run", "ml_survival_run"}
FACTS_BEFORE_SCORES = (
    *(
        "int_households",
        "int_metric_activity",
        "int_metric_ends",
        "int_metric_invitations",
        "int_metric_members",
    ),
    *("int_metric_onboarding", "int_metric_solutions", "int_metric_starts"),
    *("int_metric_surveys", "int_metric_tickets"),
    *(
        "fct_mrr_movements",
        "fct_payments",
        "fct_source_reconciliation",
        "fct_support_tickets",
        "int_metric_evidence",
    ),
)
# Count raw rows, or find which of them are new or have been merged; they classify none.
COUNTS_RAW_ROWS = ("int_raw_", "base_product__event_window", "base_hubspot__contact_survivors")
BY_NAME = re.compile(
    r"\b(?:from|join)\s+((?:staging|intermediate|analytics|rules|quarantine|raw_\w+)\.\w+)", re.I
)


def layer(node: dict) -> str:
    """Return source, seed, base, staging, or the first folder of a model; Python models are intermediate."""
    if node["resource_type"] != "model":
        return node["resource_type"]
    folders = PurePosixPath(node["original_file_path"]).parts
    if "base" in folders:
        return "base"
    return folders[1] if folders[0] == "models" else "intermediate"


def models(manifest: dict) -> Iterator[dict]:
    return (node for node in manifest["nodes"].values() if node["resource_type"] == "model")


def parents(manifest: dict, node: dict) -> Iterator[dict]:
    everything = manifest["nodes"] | manifest["sources"]
    return (everything[name] for name in node["depends_on"]["nodes"] if name in everything)


def without_key_test(manifest: dict) -> list[str]:
    """A model without a test of its grain."""
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") in KEY_TESTS
    }
    silent = [node for node in models(manifest) if node["unique_id"] not in tested]
    return [
        f"{node['name']} has no test of its key" for node in silent if node["name"] not in FILLED_AFTER_DBT
    ]


ALLOWED_PARENTS = {
    "base": {"source", "seed", "base"},  # seeds name the words that are known
    "staging": {"source", "base"},
    "quarantine": {"base"},
    "marts": {"seed", "staging", "intermediate", "marts"},
}


def reads_the_wrong_layer(manifest: dict) -> list[str]:
    """Staging reads sources alone, marts never read raw rows; base models and counts alone read sources."""
    found = []
    for node in models(manifest):
        mine = layer(node)
        for parent in parents(manifest, node):
            allowed = ALLOWED_PARENTS.get(mine, {"seed", "staging", "base", "intermediate", "marts"})
            if node["name"].startswith(COUNTS_RAW_ROWS):
                allowed = allowed | {"source"}
            if layer(parent) not in allowed:
                found.append(f"{node['name']} ({mine}) reads {parent['name']} ({layer(parent)})")
    return found


def read_by_several(manifest: dict) -> list[str]:
    """A source that more than one base model reads: its rows would be classified twice."""
    counts = Counter(
        parent["unique_id"]
        for node in models(manifest)
        if not node["name"].startswith(COUNTS_RAW_ROWS)
        for parent in parents(manifest, node)
        if parent["resource_type"] == "source"
    )
    return [f"{name} is read by {count} models" for name, count in sorted(counts.items()) if count > 1]


def of_another_source(manifest: dict) -> list[str]:
    """A staging model that reads the tables of a source other than that of its folder."""
    return [
        f"{node['name']} reads {parent['source_name']}.{parent['name']}"
        for node in models(manifest)
        if layer(node) in {"base", "staging"}
        for parent in parents(manifest, node)
        if parent["resource_type"] == "source"
        and parent["source_name"] != PurePosixPath(node["original_file_path"]).parts[2]
    ]


def misnamed_for_its_folder(manifest: dict) -> list[str]:
    """A model whose prefix does not fit its folder."""
    found = []
    for node in models(manifest):
        name, folders = node["name"], PurePosixPath(node["original_file_path"]).parts
        prefixes = {
            "base": (f"base_{folders[2]}__",) if len(folders) > 2 else (),
            "staging": (f"stg_{folders[2]}__",) if len(folders) > 2 else (),
            "intermediate": ("int_",) if folders[0] == "models" else ("int_", "ml_"),
            "quarantine": ("quarantine_",),
            "marts": MART_PREFIXES,
        }[layer(node)]
        if not name.startswith(prefixes) and name not in NAMES_OF_DOCUMENTS:
            found.append(f"{name} in {'/'.join(folders[:-1])} does not begin with {' or '.join(prefixes)}")
    return found


def without_parents(manifest: dict) -> list[str]:
    """A model that reads nothing: the graph does not show the origin of its rows."""
    return [
        f"{node['name']} reads nothing"
        for node in models(manifest)
        if not node["depends_on"]["nodes"] and node["name"] not in FILLED_AFTER_DBT | READS_THE_GRAPH
    ]


def unread(manifest: dict) -> list[str]:
    """A model below the marts that no model, exposure or metric reads."""
    readers = defaultdict(set)
    for kind in ("nodes", "exposures", "semantic_models", "metrics"):
        for name, node in manifest.get(kind, {}).items():
            if node["resource_type"] not in {"test", "unit_test"}:
                for parent in node.get("depends_on", {}).get("nodes", []):
                    readers[parent].add(name)
    return [
        f"{node['name']} is read by no model, exposure or metric"
        for node in models(manifest)
        if layer(node) in {"base", "staging", "intermediate"} and not readers[node["unique_id"]]
    ]


def named_without_ref(manifest: dict) -> list[str]:
    """A model that names a relation of this project without ref() or source(): lineage would not show it."""
    return [
        f"{node['name']} names {relation}"
        for node in models(manifest)
        if node["language"] == "sql"
        for relation in BY_NAME.findall(node["raw_code"])
    ]


def ancestors(manifest: dict, node: dict) -> set[str]:
    """Names of all models upstream of a model."""
    found, open_ends = set(), [node]
    while open_ends:
        for parent in parents(manifest, open_ends.pop()):
            if parent["resource_type"] == "model" and parent["name"] not in found:
                found.add(parent["name"])
                open_ends.append(parent)
    return found


def too_deep(manifest: dict) -> list[str]:
    """A model at the end of a chain of more than LONGEST_CHAIN models: each waits for all before it."""
    depths: dict[str, int] = {}

    def depth(node: dict) -> int:
        if node["unique_id"] not in depths:
            above = [depth(one) for one in parents(manifest, node) if one["resource_type"] == "model"]
            depths[node["unique_id"]] = 1 + max(above, default=0)
        return depths[node["unique_id"]]

    return [
        f"{node['name']} is at the end of a chain of {depth(node)} models"
        for node in models(manifest)
        if depth(node) > LONGEST_CHAIN
    ]


def fact_waits_for_a_score(manifest: dict) -> list[str]:
    """A fact, count or metric of billing, activity or desk that is built after health or churn is scored."""
    return [
        f"{node['name']} waits for {', '.join(sorted(SCORES & ancestors(manifest, node)))}"
        for node in models(manifest)
        if node["name"].startswith(FACTS_BEFORE_SCORES) and SCORES & ancestors(manifest, node)
    ]


def forgets_lost_households(manifest: dict) -> list[str]:
    """An incremental model that does not name the model whose households it keeps."""
    found = []
    for node in models(manifest):
        meta = node.get("config", {}).get("meta", {})
        if node.get("config", {}).get("materialized") == "incremental" and meta.get("date_column"):
            households = meta.get("households", "stg_app__households")
            if households and households not in {parent["name"] for parent in parents(manifest, node)}:
                found.append(f"{node['name']} does not name {households} in depends_on")
    return found


RULES: dict[str, Callable[[dict], list[str]]] = {
    rule.__name__: rule
    for rule in (
        without_key_test,
        reads_the_wrong_layer,
        read_by_several,
        of_another_source,
        misnamed_for_its_folder,
        without_parents,
        unread,
        named_without_ref,
        too_deep,
        fact_waits_for_a_score,
        forgets_lost_households,
    )
}
