"""The page of the metrics: what it shows is what is published, and nothing of what is withheld."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from html_page import Page

from customer_success.metrics.page import main, render


@pytest.fixture(scope="module")
def folder(warehouse_database, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("metrics_page")
    render(warehouse_database, folder / "metrics.html")
    return folder


@pytest.fixture(scope="module")
def page(folder) -> Page:
    return Page((folder / "metrics.html").read_text(encoding="utf-8"))


def test_page_needs_no_network(page):
    assert not page.reaching_out
    policies = [m for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policies[0]["content"]


def test_synthetic_data_are_called_so(page):
    assert "SYNTHETIC" in page.text


def test_each_metric_shows_its_definition_under_the_pointer(page, warehouse):
    hints = " ".join(one["title"] for one in page.named("abbr"))
    for label, definition, digest in warehouse.rows(
        "select label, definition, definition_hash from analytics.dim_metrics"
    ):
        assert label in page.text
        assert definition in hints and digest[:12] in hints


def test_charts_show_the_published_months_with_their_intervals_and_no_others(page, warehouse):
    shown = [row for name in page.specs for row in page.data(name, "metric")]
    values = {
        (row["metric"], row["period_start"][:10]): (
            row["value"],
            row["ci_low"],
            row["ci_high"],
            row["sample_size"],
        )
        for row in shown
        if row["value"] is not None
    }
    published = warehouse.rows(
        "select metric, cast(period_start as varchar), value, ci_low, ci_high, sample_size"
        " from analytics.published_metrics where period_grain = 'month' and segment_type = 'all'"
    )
    assert values == {row[:2]: row[2:] for row in published}
    assert {key for row in shown for key in row} >= {"period_end", "definition", "unknown_count"}


def test_what_is_withheld_is_shown_with_its_reason(page, warehouse):
    reasons = warehouse.rows(
        "select distinct status_reason from analytics.withheld_metrics where period_grain = 'trailing_90'"
    )
    assert reasons
    assert all(reason in page.text for (reason,) in reasons)


def test_same_database_gives_the_same_bytes(folder, warehouse_database):
    again = folder / "again.html"
    assert main(["--database", str(warehouse_database), "--out", str(again)]) == 0
    assert again.read_bytes() == (folder / "metrics.html").read_bytes()


def test_a_build_that_publishes_nothing_has_a_page_too(warehouse_database, tmp_path):
    empty = tmp_path / "empty.duckdb"
    shutil.copy2(warehouse_database, empty)
    with duckdb.connect(str(empty)) as connection:
        connection.execute("delete from analytics.published_metrics")
    page = Page(render(empty, tmp_path / "empty.html").read_text(encoding="utf-8"))
    assert page.specs == {} and "No month is published" in page.text


def test_without_a_database_there_is_a_message(tmp_path, capsys):
    assert main(["--database", str(tmp_path / "none.duckdb"), "--out", str(tmp_path / "x.html")]) == 1
    assert "there is no database" in capsys.readouterr().err
