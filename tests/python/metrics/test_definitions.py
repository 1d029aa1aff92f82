"""Definitions: what their hash depends on, and what a check finds wrong with them."""

from __future__ import annotations

import copy

import pytest

from customer_success.metrics.definitions import Nodes, catalogue, definition_hash, plain, problems, rule_rows

META = {
    "owner": "Somebody",
    "formula": "left / there",
    "unit": "share",
    "direction": "down",
    "source_of_truth": ["app"],
    "min_sample": 30,
    "ci_method": "wilson",
    "version": 1,
    "segment_at": "start",
    "conventions": "Ends only.",
    "sample": "there",
    "variables": ["silent_days"],
    "rules": [{"seed": "bands", "where": {"model": "a"}}],
}
SEEDS = {
    "bands": [
        {"model": "a", "band": "High", "min_score": "80", "reason": "Usual"},
        {"model": "b", "band": "High", "min_score": "70", "reason": "Other"},
    ]
}


def nodes(**changes) -> Nodes:
    """One ratio metric over one table, with changes to its meta."""
    metric = {
        "name": "churn",
        "label": "Churn",
        "description": "Who left.",
        "type": "ratio",
        "type_params": {"numerator": {"name": "gone"}, "denominator": {"name": "there"}},
        "filter": None,
        "config": {"meta": META | changes},
    }
    measures = [{"name": name, "agg": "sum", "expr": None} for name in ("gone", "there")]
    other = [{"name": "elsewhere", "agg": "sum", "expr": None}]
    models = {
        "starts": {"measures": measures, "node_relation": {"alias": "int_starts"}},
        "others": {"measures": other, "node_relation": {"alias": "int_others"}},
    }
    return Nodes({"churn": metric}, models, {"silent_days": 30})


def digest(of: Nodes, seeds=SEEDS) -> str:
    return definition_hash(of.metrics["churn"], of, seeds)


CHANGED = {
    "formula": "left / all",
    "min_sample": 20,
    "conventions": "All.",
    "sample": "gone",
    "unit": "ratio",
    "source_of_truth": ["app", "stripe"],
    "direction": "up",
    "ci_method": "adjusted_wald",
    "segment_at": "end",
}


@pytest.mark.parametrize("key", CHANGED)
def test_hash_changes_with_what_a_number_means(key):
    assert digest(nodes(**{key: CHANGED[key]})) != digest(nodes())


@pytest.mark.parametrize("changes", [{"owner": "Somebody else"}, {"version": 2}])
def test_hash_does_not_change_with_the_owner(changes):
    assert digest(nodes(**changes)) == digest(nodes())


def test_hash_changes_with_the_rule_rows_that_are_read_and_no_others():
    read, other, words = copy.deepcopy(SEEDS), copy.deepcopy(SEEDS), copy.deepcopy(SEEDS)
    read["bands"][0]["min_score"] = "75"
    other["bands"][1]["min_score"] = "75"
    words["bands"][0]["reason"] = "Better said"
    assert digest(nodes(), read) != digest(nodes())
    assert digest(nodes(), other) == digest(nodes())
    assert digest(nodes(), words) == digest(nodes())


def test_hash_changes_with_a_var_and_with_a_measure():
    var, measure = nodes(), nodes()
    var.variables["silent_days"] = 45
    measure.semantic_models["starts"]["measures"][0]["agg"] = "max"
    assert len({digest(nodes()), digest(var), digest(measure)}) == 3


def test_hash_depends_on_no_order():
    backwards = {"bands": [dict(reversed(row.items())) for row in reversed(SEEDS["bands"])]}
    shuffled = nodes(**dict(reversed(META.items())))
    assert digest(shuffled, backwards) == digest(nodes())


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.40", 0.4), ("80", 80), ("true", True), ("", None), ("Free", "Free"), ("100", 100.0)],
)
def test_a_rule_is_the_same_from_its_file_and_from_its_table(text, value):
    assert plain(text) == plain(value)


def test_rule_rows_of_an_unknown_seed_are_an_error():
    with pytest.raises(KeyError):
        rule_rows(nodes().metrics["churn"], {})


def test_catalogue_names_the_columns_that_are_summed():
    row = catalogue(nodes(), SEEDS).iloc[0]
    assert (row["family"], row["numerator"], row["denominator"]) == ("int_starts", "gone", "there")
    assert row["definition_hash"] == digest(nodes())


def test_a_whole_definition_has_no_problems():
    assert problems(nodes(), SEEDS) == []


@pytest.mark.parametrize("key", ["owner", "unit", "direction", "source_of_truth", "min_sample", "formula"])
def test_a_definition_that_lacks_something_is_a_problem(key):
    assert problems(nodes(**{key: None}), SEEDS) == [f"churn: no {key} in its meta"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"direction": "sideways"}, "direction is 'sideways'"),
        ({"ci_method": "guess"}, "ci_method is 'guess'"),
        ({"source_of_truth": ["rumour"]}, "no source 'rumour'"),
        ({"min_sample": 0.5}, "min_sample is a whole number"),
        ({"sample": "nobody"}, "its sample 'nobody' is no measure"),
        ({"sample": "elsewhere"}, "measures of several tables"),
        ({"rules": [{"seed": "nowhere"}]}, "no seed 'nowhere'"),
        ({"ci_method": "t"}, "no squares in its meta"),
    ],
)
def test_a_definition_that_cannot_hold_is_a_problem(changes, message):
    assert [message in problem for problem in problems(nodes(**changes), SEEDS)] == [True]
