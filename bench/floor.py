"""The floor: compiled models as plain statements in one DuckDB process, with nothing around them.

The benchmark runs ``python -m bench.floor``: its memory is that of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import deque
from pathlib import Path

import duckdb

from customer_success.sql import sql_text


def in_dag_order(nodes: dict[str, dict]) -> list[dict]:
    """Order seeds and models so that each follows what it reads."""
    waiting = {
        key: {parent for parent in node["depends_on"].get("nodes", []) if parent in nodes}
        for key, node in nodes.items()
    }
    ready = deque(sorted(key for key, parents in waiting.items() if not parents))
    ordered = []
    while ready:
        key = ready.popleft()
        ordered.append(nodes[key])
        for other in sorted(waiting):
            if key in waiting[other]:
                waiting[other].remove(key)
                if not waiting[other]:
                    ready.append(other)
    if len(ordered) < len(nodes):
        raise ValueError("the models depend on each other in a circle")
    return ordered


def raw_views(connection: duckdb.DuckDBPyConnection, sources: dict[str, dict], raw: Path) -> None:
    """Make each raw file that is there a view, as the build does."""
    for node in sources.values():
        stem = raw / node["source_name"] / node["name"]
        choices = {f"{stem}.parquet": "read_parquet", f"{stem}.csv": "read_csv"}
        for file, reader in choices.items():
            if Path(file).exists():
                connection.execute(f'create schema if not exists "{node["schema"]}"')
                connection.execute(
                    f"create view {node['relation_name']} as select * from {reader}({sql_text(file)})"
                )
                break


def statement(node: dict, target: Path, project: Path) -> str | None:
    """The SQL that makes a node, or none for a Python model."""
    relation = node["relation_name"]
    if node["resource_type"] == "seed":
        types = node["config"].get("column_types") or {}
        path = project / node["original_file_path"]
        listed = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        options = f", types = {{{listed}}}" if listed else ""
        return f"create table {relation} as from read_csv({sql_text(path)}, header = true{options})"
    if node["language"] != "sql":
        return None
    compiled = target / "compiled" / node["package_name"] / node["original_file_path"]
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    return f"create {kind} {relation} as (\n{compiled.read_text(encoding='utf-8')}\n)"


def explain(connection: duckdb.DuckDBPyConnection, node: dict, target: Path, file: Path) -> None:
    """Write how DuckDB runs a model, operator by operator."""
    compiled = target / "compiled" / node["package_name"] / node["original_file_path"]
    plan = connection.execute("explain analyze " + compiled.read_text(encoding="utf-8"))
    file.write_text(plan.fetchall()[0][1], encoding="utf-8")


def main() -> None:
    """Build everything, write seconds and memory as JSON."""
    p = argparse.ArgumentParser(prog="python -m bench.floor")
    for name in ("--target", "--raw", "--database", "--ledger", "--built", "--answer"):
        p.add_argument(name, type=Path, required=True)
    p.add_argument("--memory", required=True)
    p.add_argument("--explain", nargs="*", default=[])
    args = p.parse_args()
    project = Path(__file__).resolve().parent.parent
    manifest = json.loads((args.target / "manifest.json").read_text(encoding="utf-8"))
    wanted = ("model", "seed")
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] in wanted}
    args.database.parent.mkdir(parents=True, exist_ok=True)
    args.database.unlink(missing_ok=True)

    begin = time.monotonic()
    connection = duckdb.connect(str(args.database))
    connection.execute("set preserve_insertion_order = false; set TimeZone = 'UTC'")
    connection.execute(f"set memory_limit = '{args.memory}'")
    connection.execute(f"attach {sql_text(args.ledger)} as ledger (read_only)")
    raw_views(connection, manifest["sources"], args.raw)
    models: dict[str, float] = {}
    ordered = in_dag_order(nodes)
    untimed = 0.0
    for node in ordered:
        connection.execute(f'create schema if not exists "{node["schema"]}"')
        sql = statement(node, args.target, project)
        started = time.monotonic()
        if sql is None:
            connection.execute(f"attach if not exists {sql_text(args.built)} as built (read_only)")
            theirs = f'built."{node["schema"]}"."{node["alias"]}"'
            connection.execute(f"create table {node['relation_name']} as from {theirs}")
            untimed += time.monotonic() - started
            continue
        connection.execute(sql)
        if node["resource_type"] == "model":
            models[node["name"]] = time.monotonic() - started
            print(f"{models[node['name']]:9.2f} s  {node['name']}", flush=True)
    connection.execute("checkpoint")
    seconds = time.monotonic() - begin - untimed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    answer = {"seconds": seconds, "peak_gb": peak, "models": models}
    args.answer.write_text(json.dumps(answer), encoding="utf-8")
    for node in ordered:
        if node["name"] in args.explain:
            explain(connection, node, args.target, args.answer.parent / f"{node['name']}.plan.txt")


if __name__ == "__main__":
    main()
