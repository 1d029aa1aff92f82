"""The house rules that a test can check."""

from __future__ import annotations

import re

import pytest
from harness import REPOSITORY

MACROS = sorted((REPOSITORY / "macros").rglob("*.sql"))
MODELS = sorted((REPOSITORY / "models").rglob("*.sql"))
ANALYSES = sorted((REPOSITORY / "analyses").glob("*.sql"))
CLOCKS = r"\b(current_date|current_timestamp|now\s*\(|today\s*\(|getdate|sysdate|localtimestamp)"


@pytest.mark.parametrize("macro", MACROS, ids=lambda path: path.stem)
def test_macro_is_short_alone_and_documented(macro):
    text = macro.read_text()
    assert len(re.findall(r"{%-? macro |{%-? materialization ", text)) == 1
    assert re.search(rf"macro {macro.stem}\(", text), "the file is named like its macro"
    assert text.startswith("{#-"), "it begins with what it is for"
    body = text[text.index("-#}") + 3 :].strip().splitlines()
    assert len(body) <= 25, f"{len(body)} lines"


@pytest.mark.parametrize("query", [*MODELS, *ANALYSES], ids=lambda path: path.stem)
def test_model_is_short(query):
    assert len(query.read_text().splitlines()) <= 80


def replaced_by(model) -> str | None:
    """Date by which an incremental model replaces rows: models of health by score date (dbt_project.yml)."""
    text = model.read_text()
    named = re.search(r"'date_column': '(score_date|period_end)'", text)
    by_default = model.parent.match("intermediate/health") and "materialized=" not in text
    return named[1] if named else "score_date" if by_default else None


@pytest.mark.parametrize("model", list(filter(replaced_by, MODELS)), ids=lambda path: path.stem)
def test_rows_that_go_together_lie_together(model):
    """Otherwise the next day deletes scattered rows, which needs the whole table in memory (D85)."""
    assert re.search(rf"\norder by (\w+\.)?{replaced_by(model)}$", model.read_text().rstrip())


@pytest.mark.parametrize("file", [*MACROS, *MODELS], ids=lambda path: path.stem)
def test_nothing_reads_a_wall_clock(file):
    assert not re.search(CLOCKS, file.read_text(), re.IGNORECASE)


@pytest.mark.parametrize(
    "seed", sorted((REPOSITORY / "seeds" / "rules").rglob("*.csv")), ids=lambda path: path.stem
)
def test_each_rule_has_a_reason(seed):
    lines = seed.read_text().splitlines()
    assert lines[0].endswith(",reason")
    assert all(not line.endswith(",") for line in lines[1:])
