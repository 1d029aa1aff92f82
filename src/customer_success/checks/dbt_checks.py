"""The checks of a dbt project, from its manifest: their source, not their compiled SQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from customer_success.publish.catalogue import SCHEMA

from .check import REQUIRED_IN, Check, digest, simple

DBT = {"dbt", "dbt_duckdb"}
JINJA, WORD = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL), re.compile(r"\w+")
VAR = re.compile(r"\bvar\(\s*['\"](\w+)['\"]")
# The data and the date of a build are not part of its checks.
NOT_A_RULE = re.compile(r"raw_\w+|as_of_date")
# Names that Jinja provides and that are no macros of dbt.
BUILT_IN = {
    "adapter",
    "config",
    "env_var",
    "execute",
    "graph",
    "log",
    "ref",
    "return",
    "source",
    "this",
    "var",
}
REPLACES = re.compile(r"materialization_|default__|duckdb__")


def dbt_checks(manifest: dict, variables: Mapping[str, object]) -> list[Check]:
    """List data tests, unit tests, hooks and contracts, and the macros that replace one of dbt's.

    ``variables`` are the vars of the project; a check that reads one is defined by its value.
    """
    macros = Macros(manifest["macros"], variables)
    nodes = manifest["nodes"].values()
    found = [_data_test(node, macros) for node in nodes if node["resource_type"] == "test"]
    found += [_unit_test(node) for node in manifest["unit_tests"].values()]
    found += [_hook(node, macros) for node in nodes if node["resource_type"] == "operation"]
    found += [
        _contract(node)
        for node in nodes
        if node["resource_type"] == "model" and node["schema"] == SCHEMA and node["access"] == "public"
    ]
    return [*found, *_overrides(macros)]


def disabled(manifest: dict) -> set[str]:
    """Return the unique ids of tests that the project has and does not run."""
    return {key for key in manifest["disabled"] if key.split(".")[0] in {"test", "unit_test"}}


class Macros:
    """The macros of a manifest, and the values of vars that code reads.

    Which macros a test calls is read from its code: dbt adds to those of the manifest the
    ones that it calls itself when it runs the test.
    """

    def __init__(self, macros: dict, variables: Mapping[str, object]):
        self.all, self._variables = macros, variables
        # The project's macro of a name wins over dbt's.
        ordered = sorted(macros, key=lambda key: (macros[key]["package_name"] not in DBT, key))
        self._by_name = {macros[key]["name"]: key for key in ordered}

    def behind(self, code: str, *names: str) -> dict[str, object]:
        """Describe code: its text, all macros it calls in the end (``names`` too), the vars it reads."""
        words = {word for block in JINJA.findall(code) for word in WORD.findall(block)}
        reached = self._reached([self._by_name[name] for name in words | set(names) if name in self._by_name])
        texts = {key: self.all[key]["macro_sql"].strip() for key in sorted(reached)}
        read = {name for text in (code, *texts.values()) for name in VAR.findall(text)}
        rules = {name: self._variables.get(name) for name in read if not NOT_A_RULE.fullmatch(name)}
        return {"code": code.strip(), "macros": texts, "vars": rules}

    def _reached(self, called: list[str]) -> set[str]:
        reached, waiting = set(), list(called)
        while waiting:
            key = waiting.pop()
            if key in self.all and key not in reached:
                reached.add(key)
                waiting += self.all[key]["depends_on"]["macros"]
        return reached


def _data_test(node: dict, macros: Macros) -> Check:
    config, generic = node["config"], node.get("test_metadata")
    # The code of a generic test is a call of its macro; its arguments are in its metadata.
    if generic:
        definition = macros.behind(json.dumps(generic), f"test_{generic['name']}") | {"generic": generic}
    else:
        definition = macros.behind(node["raw_code"])
    return Check(
        kind="data_test",
        name=node["unique_id"],
        required_in=REQUIRED_IN["data_test"],
        enabled=bool(config["enabled"]),
        severity=config["severity"].lower(),
        where=str(config["where"] or "").strip(),
        limit="" if config["limit"] is None else str(config["limit"]),
        error_if=config["error_if"],
        warn_if=config["warn_if"],
        fail_calc=config["fail_calc"],
        attached_to=node.get("attached_node") or "",
        definition_hash=digest(definition),
        file=node["original_file_path"],
    )


def _unit_test(node: dict) -> Check:
    parts = ("model", "given", "expect", "overrides")
    return simple(
        "unit_test",
        node["unique_id"],
        {part: node[part] for part in parts},
        enabled=bool(node["config"]["enabled"]),
        attached_to=f"model.{node['package_name']}.{node['model']}",
        file=node["original_file_path"],
    )


def _hook(node: dict, macros: Macros) -> Check:
    """Describe a hook: it may reject raw data before any model runs, or change tables after the tests."""
    when, code = node["tags"][0], node["raw_code"]
    name = f"{when}: {re.sub(r'[{}]', '', code).strip()}"
    return simple("hook", name, macros.behind(code), file=node["original_file_path"])


def _contract(node: dict) -> Check:
    constraints = {name: column["constraints"] for name, column in node["columns"].items()}
    constraints = {name: those for name, those in constraints.items() if those}
    return simple(
        "contract",
        node["unique_id"],
        {"constraints": constraints, "of_model": node["constraints"]},
        enabled=bool(node["contract"]["enforced"]),
        attached_to=node["unique_id"],
        file=node["original_file_path"],
    )


def _overrides(macros: Macros) -> Iterator[Check]:
    """Name macros that dbt would call in place of its own: they can change what any test does."""
    of_dbt = {macro["name"] for macro in macros.all.values() if macro["package_name"] in DBT}
    for macro in macros.all.values():
        name = macro["name"]
        replaces = name in of_dbt | BUILT_IN or REPLACES.match(name)
        if macro["package_name"] not in DBT and replaces:
            yield simple("override", name, macros.behind("", name), file=macro["original_file_path"])
