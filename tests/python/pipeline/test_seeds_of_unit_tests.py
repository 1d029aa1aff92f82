"""Unit tests use the present rows of a seed, also where dbt has parsed the project before a change."""

from __future__ import annotations

import shutil

import pytest
import yaml
from harness import REPOSITORY

SEEDS = {file.stem: file.relative_to(REPOSITORY) for file in (REPOSITORY / "seeds").rglob("*.csv")}
GIVEN = [
    (test["name"], given["input"].removeprefix("ref('").removesuffix("')"), given)
    for file in sorted((REPOSITORY / "models").rglob("*unit_tests.yml"))
    for test in yaml.safe_load(file.read_text(encoding="utf-8"))["unit_tests"]
    for given in test["given"]
]
# Seed, a value of it before and after, the unit test that the value decides: one seed that the model
# joins, one whose rows a macro writes into the model.
CHANGED = [
    ("ticket_slas", "P0,Critical,1,4,", "P0,Critical,1,5,", "priority_matrix_has_all_nine_pairs"),
    (
        "health_points",
        "engagement,login_days_7,1,step,>=,5",
        "engagement,login_days_7,1,step,>=,4",
        "engagement_score_increases",
    ),
]


@pytest.mark.parametrize(
    ("seed", "given"),
    [pytest.param(seed, given, id=f"{name}-{seed}") for name, seed, given in GIVEN if seed in SEEDS],
)
def test_no_unit_test_leaves_the_rows_of_a_seed_to_the_parser(seed, given):
    """Without rows dbt copies the seed when it parses the test, and keeps the copy when the seed changes."""
    assert given.get("rows") is not None, "give rows, or the seed's file: format: sql"
    if given.get("format") == "sql":
        assert f" from '{SEEDS[seed]}'" in given["rows"]


@pytest.mark.parametrize(("seed", "before", "after", "test"), CHANGED, ids=[row[0] for row in CHANGED])
def test_a_changed_seed_is_seen_by_the_next_unit_test(warehouse, tmp_path, seed, before, after, test):
    """The parse is that of before the change, and so is the seed's table in the database."""
    copy = warehouse.copy(tmp_path / "copy")
    names = [name for name, _, _ in GIVEN if name.startswith(test)]
    select = ["test", "--select", names[0]]
    copy.dbt(*select).must_succeed()
    (copy.folder / "seeds").unlink()
    shutil.copytree(REPOSITORY / "seeds", copy.folder / "seeds")
    file = copy.folder / SEEDS[seed]
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    run = copy.dbt(*select)
    assert run.exit_code == 1 and "fail" in run.statuses().values(), run.output[-2000:]
