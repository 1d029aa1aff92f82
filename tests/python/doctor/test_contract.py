"""The contract as the doctor reads it: further names of tables and columns, seeds and vars."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from company import kinds, of_kind
from harness import REPOSITORY

from customer_success.doctor.contract import read_contract
from customer_success.doctor.examine import Report, examined
from customer_success.doctor.found import Raw
from customer_success.doctor.project import read_project, seed_line

SOURCES = {
    "sources": [
        {
            "name": "stripe",
            "tables": [
                {
                    "name": "price",
                    "config": {"meta": {"also": ["plan"]}},
                    "columns": [
                        {"name": "id", "data_type": "varchar"},
                        {
                            "name": "unit_amount",
                            "data_type": "bigint",
                            "config": {"meta": {"also": ["amount"]}},
                        },
                        {"name": "nickname", "config": {"meta": {"optional": True}}},
                    ],
                }
            ],
        }
    ]
}


@pytest.fixture
def project(tmp_path) -> Path:
    """A project with one raw table, which has further names, and a seed of products."""
    folder = tmp_path / "project"
    staging, seeds = folder / "models" / "staging" / "stripe", folder / "seeds" / "rules" / "billing"
    staging.mkdir(parents=True)
    seeds.mkdir(parents=True)
    (staging / "_stripe__sources.yml").write_text(yaml.safe_dump(SOURCES), encoding="utf-8")
    (folder / "dbt_project.yml").write_text("vars: {reporting_currency: usd}\n", encoding="utf-8")
    (seeds / "stripe_products.csv").write_text("product_id,product_name,plan_type,reason\n", encoding="utf-8")
    return folder


def looked(folder: Path, project: Path, table: str, text: str) -> Report:
    """Examine one table of Stripe, given as CSV."""
    folder = folder / "raw"
    (folder / "stripe").mkdir(parents=True)
    (folder / "stripe" / f"{table}.csv").write_text(text, encoding="utf-8")
    read = read_project(project, {})
    return examined(Raw(folder, None, read.variables), read)


def test_further_names_are_read_and_said(project, tmp_path):
    report = looked(
        tmp_path, project, "plan", "id,AMOUNT,nickname,_fivetran_synced\np1,x,n,2026-01-01\np2,9,n,\n"
    )
    assert report.found["stripe.price"].place == "stripe/plan.csv"
    assert "not_read" not in kinds(report)
    assert of_kind(report, "other_name").message == "read from amount"
    assert of_kind(report, "bad_value").where == "stripe.price.amount"


def test_the_own_name_comes_first(project, tmp_path):
    report = looked(tmp_path, project, "price", "id,unit_amount,amount,nickname\np1,1,x,n\n")
    assert not {"other_name", "bad_value"} & kinds(report)


def test_a_column_under_none_of_its_names_is_missing(project, tmp_path):
    report = looked(tmp_path, project, "price", "id\np1\n")
    assert of_kind(report, "missing_column").action == "export unit_amount or amount"
    assert of_kind(report, "optional_column").where == "stripe.price.nickname"


def test_the_line_of_a_seed_follows_its_header(project):
    read = read_project(project, {})
    line = seed_line(read, "stripe_products", {"product_id": "p,1", "product_name": "Team", "reason": "Sold"})
    assert (line.file, line.line) == (
        "seeds/rules/billing/stripe_products.csv",
        '"p,1",Team,<plan_type>,Sold',
    )


def test_vars_that_are_given_win(project):
    assert read_project(project, {"reporting_currency": "eur"}).words("reporting_currency") == ["eur"]
    assert read_project(project, {}).words("reporting_currency") == ["usd"]


def test_the_contract_of_the_project_has_keys_and_moments():
    tables = {table.full: table for table in read_contract(REPOSITORY)}
    assert tables["product.events"].key == ("event_id",)
    assert tables["product.events"].moment == "received_at"
    assert tables["stripe.subscription_history"].key == ("id", "_fivetran_start")
    assert (tables["stripe.customer"].household, tables["app.pets"].household) == (None, "household_id")
    assert all(table.key for table in tables.values())


def test_a_folder_without_sources_is_none_of_a_project(tmp_path):
    with pytest.raises(FileNotFoundError, match="models/staging"):
        read_contract(tmp_path)
