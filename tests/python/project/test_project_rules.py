"""The layers of the project keep their rules, and each rule rejects a project that breaks it."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from project_rules import (
    FILLED_AFTER_DBT,
    LONGEST_CHAIN,
    NAMES_OF_DOCUMENTS,
    READS_THE_GRAPH,
    RULES,
    models,
)


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps_the_rule(manifest, rule):
    assert RULES[rule](manifest) == []


def test_each_exception_is_still_a_model(manifest):
    names = {node["name"] for node in models(manifest)}
    assert names >= FILLED_AFTER_DBT | READS_THE_GRAPH | NAMES_OF_DOCUMENTS


# ---------------------------------------------------------------- a small project, and how it breaks


def model(path: str, *reads: str, code: str = "select 1") -> dict:
    name = path.rsplit("/", 1)[-1].removesuffix(".sql")
    return {
        "unique_id": f"model.a.{name}",
        "resource_type": "model",
        "name": name,
        "original_file_path": path,
        "language": "sql",
        "raw_code": code,
        "depends_on": {"nodes": list(reads)},
    }


def source(source_name: str, name: str) -> dict:
    unique_id = f"source.a.{source_name}.{name}"
    return {"unique_id": unique_id, "resource_type": "source", "source_name": source_name, "name": name}


def key_test(of: dict) -> dict:
    return {
        "unique_id": f"test.a.unique_{of['name']}",
        "resource_type": "test",
        "attached_node": of["unique_id"],
        "test_metadata": {"name": "unique"},
        "depends_on": {"nodes": [of["unique_id"]]},
    }


PETS, PLANS = "source.a.app.pets", "source.a.stripe.plans"
BASE, STAGED, STEP = "model.a.base_app__pets", "model.a.stg_app__pets", "model.a.int_pets"
EXPOSURE = "exposure.a.board"


@pytest.fixture
def small() -> dict:
    """A project of a source, its base, staging and quarantine models, a step and a mart."""
    nodes = [
        model("models/staging/app/base/base_app__pets.sql", PETS),
        model("models/staging/app/stg_app__pets.sql", BASE),
        model("models/quarantine/quarantine_app.sql", BASE),
        model("models/intermediate/pets/int_pets.sql", STAGED),
        model("models/marts/pets/dim_pets.sql", STEP),
    ]
    board = {"resource_type": "exposure", "depends_on": {"nodes": ["model.a.dim_pets"]}}
    return {
        "nodes": {node["unique_id"]: node for node in [*nodes, *map(key_test, nodes)]},
        "sources": {one["unique_id"]: one for one in (source("app", "pets"), source("stripe", "plans"))},
        "exposures": {EXPOSURE: board},
    }


def add(manifest: dict, node: dict, *, tested: bool = True) -> None:
    added = [node, key_test(node)] if tested else [node]
    manifest["nodes"] |= {one["unique_id"]: one for one in added}


def renamed(manifest: dict, unique_id: str, name: str) -> None:
    manifest["nodes"][unique_id]["name"] = name


def reading(manifest: dict, unique_id: str, *reads: str) -> None:
    manifest["nodes"][unique_id]["depends_on"] = {"nodes": list(reads)}


def a_chain(manifest: dict, length: int) -> None:
    for number in range(1, length + 1):
        before = f"model.a.int_step_{number - 1}" if number > 1 else PETS
        add(manifest, model(f"models/intermediate/int_step_{number}.sql", before))


def dated_by_day(manifest: dict) -> None:
    manifest["nodes"][STEP]["config"] = {"materialized": "incremental", "meta": {"date_column": "day"}}


def scored_first(manifest: dict) -> None:
    add(manifest, model("models/intermediate/health/int_health_parts.sql", STAGED))
    add(manifest, model("models/intermediate/pets/int_between.sql", "model.a.int_health_parts"))
    add(manifest, model("models/marts/billing/fct_payments.sql", "model.a.int_between"))


BROKEN: list[tuple[str, str, Callable[[dict], None]]] = [
    ("without_key_test", "int_pets", lambda m: m["nodes"].pop("test.a.unique_int_pets")),
    (
        "without_key_test",
        "dim_pets",
        lambda m: m["nodes"]["test.a.unique_dim_pets"].update(test_metadata={"name": "not_null"}),
    ),
    ("reads_the_wrong_layer", "stg_app__pets", lambda m: reading(m, STAGED, "model.a.dim_pets")),
    ("reads_the_wrong_layer", "base_app__pets", lambda m: reading(m, BASE, STEP)),
    ("reads_the_wrong_layer", "dim_pets", lambda m: reading(m, "model.a.dim_pets", PETS)),
    ("reads_the_wrong_layer", "dim_pets", lambda m: reading(m, "model.a.dim_pets", BASE)),
    ("reads_the_wrong_layer", "int_pets", lambda m: reading(m, STEP, PETS)),
    ("reads_the_wrong_layer", "quarantine_app", lambda m: reading(m, "model.a.quarantine_app", STAGED)),
    (
        "read_by_several",
        PETS,
        lambda m: add(m, model("models/staging/app/base/base_app__animals.sql", PETS)),
    ),
    ("of_another_source", "base_app__pets", lambda m: reading(m, BASE, PLANS)),
    ("misnamed_for_its_folder", "pets", lambda m: renamed(m, STEP, "pets")),
    ("misnamed_for_its_folder", "stg_zendesk__pets", lambda m: renamed(m, STAGED, "stg_zendesk__pets")),
    ("misnamed_for_its_folder", "int_pets", lambda m: renamed(m, "model.a.dim_pets", "int_pets")),
    ("without_parents", "int_pets", lambda m: reading(m, STEP)),
    ("unread", "int_unused", lambda m: add(m, model("models/intermediate/int_unused.sql", STAGED))),
    (
        "named_without_ref",
        "staging.stg_app__pets",
        lambda m: m["nodes"][STEP].update(raw_code="select * from a\njoin staging.stg_app__pets using (id)"),
    ),
    ("too_deep", f"int_step_{LONGEST_CHAIN + 1}", lambda m: a_chain(m, LONGEST_CHAIN + 1)),
    ("fact_waits_for_a_score", "fct_payments", scored_first),
    ("forgets_lost_households", "int_pets", dated_by_day),
]


def test_the_small_project_keeps_all_rules(small):
    assert {name: rule(small) for name, rule in RULES.items()} == {name: [] for name in RULES}


@pytest.mark.parametrize(("rule", "named", "breaks"), BROKEN)
def test_a_project_that_breaks_the_rule_is_rejected(small, rule, named, breaks):
    broken = copy.deepcopy(small)
    breaks(broken)
    found = RULES[rule](broken)
    assert found and all(named in message for message in found)


def test_each_rule_has_a_project_that_breaks_it():
    assert {rule for rule, *_ in BROKEN} == set(RULES)
