"""Every code block of the documentation runs, or is valid, or has a reason why it is not run."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest
from code_blocks import Block, Broken, all_blocks, blocks_of, check, needs_warehouse

BLOCKS = all_blocks()
RUN = [block for block in BLOCKS if block.not_run is None]
# What may be excused, so that an excuse is a decision.
EXCUSED = {
    "CONTRIBUTING.md": ["uv is a tool of its own, and X stands for a file"],
    "docs/configuration.md": ["it needs a server"],
}


@pytest.fixture(scope="module")
def folder(warehouse, tmp_path_factory) -> Path:
    """The project with a built database, and beside it the marts as readers find them."""
    folder = tmp_path_factory.mktemp("docs")
    for entry in warehouse.folder.iterdir():
        if entry.name not in ("warehouse", "logs", "target"):
            (folder / entry.name).symlink_to(entry)
    (folder / "warehouse").mkdir()
    os.link(warehouse.database, folder / "warehouse" / "working.duckdb")
    with duckdb.connect(str(folder / "warehouse" / "analytics.duckdb")) as connection:
        connection.execute(f"attach '{warehouse.database}' as working (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'working' and schema_name = 'analytics'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f'create table "{table}" as from working.analytics."{table}"')
    return folder


@pytest.mark.parametrize("block", [block for block in RUN if needs_warehouse(block)], ids=str)
def test_block_runs_on_a_built_database(block, folder):
    check(block, folder)


@pytest.mark.parametrize("block", [block for block in RUN if not needs_warehouse(block)], ids=str)
def test_block_is_what_it_says(block):
    check(block)


def test_a_block_that_is_not_run_has_a_reason():
    excused: dict[str, list[str]] = {}
    for block in BLOCKS:
        if block.not_run is not None:
            excused.setdefault(block.page, []).append(block.not_run)
    assert excused == EXCUSED


def test_blocks_are_found():
    assert {"python", "sql", "sh", "csv"} <= {block.language for block in BLOCKS}
    assert all(block.language for block in BLOCKS), "each fence names its language"


MARKDOWN = """
Text, and a list:

* first
  ```sh
  make build
  ```

<!-- not run: it would take an hour -->
```sql
select 1
```
"""


def test_blocks_are_read_with_their_indent_and_excuse():
    first, second = blocks_of("page.md", MARKDOWN)
    assert first == Block("page.md", 5, "sh", "make build", None)
    assert second == Block("page.md", 10, "sql", "select 1", "it would take an hour")


VACUOUS = (
    "claim_id,deck,statement,evidence,metric,segment,comparison,scale,period_a,period_b,claimed_value,tolerance,"
    "author,status\nx,d,Our NPS is 80,metrics,nps,all,at_least,absolute,2026-Q1,,-100,,me,draft"
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sh", "make buidl"),
        ("sh", "make build ROW=x"),
        ("sh", ".venv/bin/python -m customer_success.build --rawdata x"),
        ("sh", ".venv/bin/python -m customer_success.bild"),
        ("sh", "CS_DATABASE=x \\\n  .venv/bin/dbt build --selekt x"),
        ("sh", ".venv/bin/dbt biuld"),
        ("sh", "make build   # fine\nmake nothing"),
        ("sh", "cp seeds/nothing.csv my_parts.csv"),
        ("sh", "rm -r warehouse"),
        ("text", "$ .venv/bin/python -m customer_success.claims --nothing"),
        ("yaml", "a: [1"),
        ("csv", "a,b\n1,2,3"),
        ("csv", VACUOUS),
        ("diff", "-no such line"),
        ("mermaid", "graph of things"),
        ("mermaid", 'flowchart TD\na["a"]\na -> a'),
        ("mermaid", 'flowchart TD\na["a"]\na --> b'),
        ("mermaid", 'flowchart TD\nsubgraph s["s"]\na["a"]'),
        ("", "anything"),
    ],
)  # fmt: skip
def test_a_broken_block_is_seen(language, text):
    with pytest.raises(Broken):
        check(Block("page.md", 1, language, text, None))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "from customer_success.churn import fit\nfit()"),
        ("python", "import nothing_of_the_kind"),
        ("sql", "select no_such_column from analytics.publication"),
        ("sql", "drop table analytics.publication"),
        ("sh", '.venv/bin/python -c "raise SystemExit(3)"'),
    ],
)
def test_a_broken_block_on_a_database_is_seen(language, text, folder):
    with pytest.raises(Broken):
        check(Block("page.md", 1, language, text, None), folder)
