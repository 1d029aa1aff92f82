"""The catalogue of metrics: what the project's semantic YAML defines, with a hash of each definition.

Input are the nodes that dbt makes of the YAML, as dictionaries, so that a build (which has them in its graph)
and a check without one (which has them in `manifest.json`) compute the same. Pure: no files, no clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import pandas as pd

REQUIRED = ("owner", "formula", "unit", "direction", "source_of_truth", "min_sample", "ci_method", "version")
DIRECTIONS = ("up", "down", "neutral")
CI_METHODS = ("wilson", "adjusted_wald", "t", "bootstrap_households")
SOURCES = ("app", "cs", "hubspot", "product", "stripe", "survey", "zendesk")
# Parts of `meta` that define a number; owner and version do not.
DEFINING = (
    "formula", "unit", "direction", "source_of_truth", "min_sample", "ci_method", "segment_at",
    "conventions", "sample", "unknowns", "pending", "squares", "denominator_squares", "products",
    "promoters", "detractors",
)  # fmt: skip
NEEDED_BY_METHOD = {"t": ("squares",), "adjusted_wald": ("promoters", "detractors")}
# Columns of the catalogue with their types, so that an empty one has them too.
CATALOGUE = dict.fromkeys(
    (
        "metric", "label", "description", "definition", "unit", "direction", "source_of_truth", "owner",
        "min_sample", "ci_method", "version", "segment_at", "conventions", "definition_hash", "family",
        "numerator", "denominator", "sample", "unknowns",
    ),
    "string",
) | {"min_sample": "int64", "version": "int64"}  # fmt: skip
WORDS = {"reason"}  # column of a rule seed with the reason of a row


@dataclass(frozen=True)
class Nodes:
    """dbt's nodes of the semantic YAML: metrics and semantic models by name, values of the vars named."""

    metrics: dict[str, dict]
    semantic_models: dict[str, dict]
    variables: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, str, str]]) -> Nodes:
        """From rows (kind, name, JSON), kind being metric, semantic_model or variable."""
        found: dict[str, dict] = {"metric": {}, "semantic_model": {}, "variable": {}}
        for kind, name, content in rows:
            found[kind][name] = json.loads(content)
        return cls(found["metric"], found["semantic_model"], found["variable"])

    @classmethod
    def of_manifest(cls, manifest: Mapping, variables: Mapping[str, object]) -> Nodes:
        """From dbt's manifest; components (a measure under its own name) are no metrics of the catalogue."""
        metrics = {node["name"]: node for node in manifest["metrics"].values() if not is_component(node)}
        models = {node["name"]: node for node in manifest["semantic_models"].values()}
        return cls(metrics, models, dict(variables))


def is_component(metric: Mapping) -> bool:
    """Whether a metric is the sum of one measure under the measure's own name: a part, not a metric."""
    measure = metric["type_params"].get("measure")
    return metric["type"] == "simple" and bool(measure) and measure["name"] == metric["name"]


def parts(metric: Mapping) -> tuple[str | None, str | None]:
    """Names of numerator and denominator; a total has no denominator, another kind of metric neither."""
    of, kind = metric["type_params"], metric["type"]
    if kind == "ratio":
        return of["numerator"]["name"], of["denominator"]["name"]
    if kind == "simple":
        return of["measure"]["name"], None
    if kind == "derived" and len(of["metrics"]) == 2:
        return of["metrics"][0]["name"], of["metrics"][1]["name"]
    return None, None


def measures(nodes: Nodes) -> dict[str, dict]:
    """Each measure by name: aggregation, expression and the table it is summed over."""
    return {
        measure["name"]: {
            "agg": measure["agg"],
            "expr": measure.get("expr") or measure["name"],
            "table": model["node_relation"]["alias"],
        }
        for model in nodes.semantic_models.values()
        for measure in model["measures"]
    }


def specification(metric: Mapping, nodes: Nodes) -> dict:
    """All that a metric's value depends on, except the rows of seeds: its canonical form is hashed."""
    known, meta = measures(nodes), metric["config"]["meta"]
    numerator, denominator = parts(metric)
    return {
        "name": metric["name"],
        "type": metric["type"],
        "expr": metric["type_params"].get("expr") if metric["type"] == "derived" else None,
        "filter": metric.get("filter"),
        "numerator": numerator and {"name": numerator} | known.get(numerator, {}),
        "denominator": denominator and {"name": denominator} | known.get(denominator, {}),
        "meta": {key: meta[key] for key in DEFINING if key in meta},
        "variables": {name: nodes.variables.get(name) for name in meta.get("variables", [])},
    }


def rule_rows(metric: Mapping, seeds: Mapping[str, Sequence[Mapping]]) -> dict[str, list[dict]]:
    """The rows of the seeds that a metric reads, by seed, without the column of reasons.

    KeyError where a seed is not among ``seeds``.
    """
    found: dict[str, list[dict]] = {}
    for rule in metric["config"]["meta"].get("rules", []):
        wanted = {name: plain(value) for name, value in rule.get("where", {}).items()}
        rows = [{name: plain(value) for name, value in row.items()} for row in seeds[rule["seed"]]]
        kept = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
        kept = [{name: value for name, value in row.items() if name not in WORDS} for row in kept]
        found[rule["seed"]] = sorted(kept, key=canonical)
    return found


def plain(value: object) -> str | None:
    """A value of a seed as one text, whether it comes from the CSV (texts) or from its table (types)."""
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, bool) or str(value).lower() in {"true", "false"}:
        return str(value).lower()
    try:
        number = Decimal(str(value)).normalize()
    except InvalidOperation:
        return str(value)
    return f"{number:f}" if number.is_finite() else str(value)


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: equal values give equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)


def definition_hash(metric: Mapping, nodes: Nodes, seeds: Mapping[str, Sequence[Mapping]]) -> str:
    """SHA-256 (hex) of the metric's specification and of the rule rows that it reads."""
    content = {"specification": specification(metric, nodes), "rules": rule_rows(metric, seeds)}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def catalogue(nodes: Nodes, seeds: Mapping[str, Sequence[Mapping]]) -> pd.DataFrame:
    """One row per metric, by name: what `dim_metrics` shows, and the columns that the ledger reads.

    ``seeds``: rows of each rule seed by name of the seed. KeyError where a named one is missing, or where
    a metric lacks what `problems` would report.
    """
    known, rows = measures(nodes), []
    for name in sorted(nodes.metrics):
        metric = nodes.metrics[name]
        meta = metric["config"]["meta"]
        numerator, denominator = parts(metric)
        rows.append(
            {
                "metric": name,
                "label": metric["label"],
                "description": metric["description"],
                "definition": meta["formula"],
                "unit": meta["unit"],
                "direction": meta["direction"],
                "source_of_truth": ", ".join(meta["source_of_truth"]),
                "owner": meta["owner"],
                "min_sample": meta["min_sample"],
                "ci_method": meta["ci_method"],
                "version": meta["version"],
                "segment_at": meta["segment_at"],
                "conventions": meta["conventions"],
                "definition_hash": definition_hash(metric, nodes, seeds),
                "family": known[numerator]["table"],
                "numerator": numerator,
                "denominator": denominator,
                "sample": meta["sample"],
                "unknowns": meta.get("unknowns"),
            }
        )
    return pd.DataFrame(rows, columns=CATALOGUE).astype(CATALOGUE)


def problems(nodes: Nodes, seeds: Mapping[str, Sequence[Mapping]]) -> list[str]:
    """What is wrong with the definitions, one sentence each: missing and unknown parts."""
    known, found = measures(nodes), []
    for name, metric in sorted(nodes.metrics.items()):
        meta = metric["config"].get("meta") or {}
        lacking = [key for key in (*REQUIRED, "conventions", "sample", "segment_at") if not meta.get(key)]
        lacking += [key for key in NEEDED_BY_METHOD.get(meta.get("ci_method"), ()) if key not in meta]
        found += [f"{name}: no {key} in its meta" for key in lacking]
        for key, allowed in (("direction", DIRECTIONS), ("ci_method", CI_METHODS)):
            if meta.get(key) and meta[key] not in allowed:
                found.append(f"{name}: {key} is {meta[key]!r}, not one of {', '.join(allowed)}")
        sources = meta.get("source_of_truth") or []
        found += [f"{name}: there is no source {one!r}" for one in sources if one not in SOURCES]
        for key in ("min_sample", "version"):
            if meta.get(key) and not (isinstance(meta[key], int) and meta[key] >= 1):
                found.append(f"{name}: {key} is a whole number from 1")
        found += _problems_of_parts(name, metric, meta, known)
        seeds_named = [rule["seed"] for rule in meta.get("rules", [])]
        found += [f"{name}: there is no seed {seed!r}" for seed in seeds_named if seed not in seeds]
    return found


def _problems_of_parts(name: str, metric: Mapping, meta: Mapping, known: Mapping[str, dict]) -> list[str]:
    numerator, denominator = parts(metric)
    if numerator is None:
        return [f"{name}: the ledger computes simple and ratio metrics, and those derived from two"]
    roles = ("sample", "unknowns", "pending", "squares", "denominator_squares", "products")
    roles += ("promoters", "detractors")
    columns = {"numerator": numerator, "denominator": denominator} | {role: meta.get(role) for role in roles}
    named = {role: column for role, column in columns.items() if column}
    found = [f"{name}: its {role} {one!r} is no measure" for role, one in named.items() if one not in known]
    tables = {known[one]["table"] for one in named.values() if one in known}
    if len(tables) > 1:
        found.append(f"{name}: its parts are measures of several tables ({', '.join(sorted(tables))})")
    return found
