"""Tuning a rule does not block the publication: no check has a second value of it.

One build has all vars changed, the next one other weights, lines, points and bands of health as well. dbt's
tests, the recounts and the validations of both must find nothing. A failure names the column, and so the rule
behind it.
"""

from __future__ import annotations

import io
import json
from importlib import import_module
from pathlib import Path

import pytest
import tuned
import yaml
from harness import REPOSITORY, Project, Sandbox
from rich.console import Console

from customer_success.building.candidate import read_candidate
from customer_success.expectations import validate
from customer_success.health import page as health
from customer_success.health import what_if
from customer_success.publish import Places

PROOFS = [
    "recount.staging:prove_staging",
    "recount.metrics:prove_metrics",
    "recount.reconciled:prove_counts",
    "recount.scores:prove_scores",
    "recount.marts.prove:prove_marts",
    "recount.models:prove_models",
    "recount.intervals:prove_intervals",
    "recount.claims:prove_claims",
]
# A metric with another var is another metric: it needs a new version, and this test is not about that.
LOCKED = "assert_metric_definitions_are_locked"
SCORES = "select household_id, score_date, health_model, overall_score from analytics.fct_health_scores"


class Tuned:
    """Two builds of a tuned project, with the problems of proofs and validations."""

    def __init__(self, folder: Path, raw: Path):
        (folder / "project").mkdir(parents=True)
        self.project = Project(folder / "project")
        tuned.tune_vars(self.project.folder)
        self.sandbox = Sandbox(self.project, folder / "sandbox", raw)
        self.found: dict[tuple[str, str], list[str]] = {}
        self.scores: dict[str, set] = {}

    def build(self, name: str, patch: pytest.MonkeyPatch, *arguments: str) -> None:
        """Build with dbt's data tests, which must pass, then prove and validate."""
        without = ["--exclude-resource-type", "unit_test", "--exclude", LOCKED]
        self.sandbox.dbt("build", "--threads", "1", *without, *arguments).must_succeed()
        folder = self.sandbox.folder
        patch.chdir(folder)
        places = Places(self.sandbox.database, folder / "published")
        manifest, results = (
            json.loads((folder / "target" / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("manifest", "run_results")
        )
        candidate = read_candidate(places, self.sandbox.ledger, manifest, results)
        for proof in PROOFS:
            module, function = proof.split(":")
            prove = getattr(import_module(f"customer_success.{module}"), function)
            self.found[name, proof] = [problem.message for problem in prove(candidate)]
        failures = [one for one in validate(self.sandbox.database) if one.status == "fail"]
        self.found[name, "validations"] = [f"{one.expectation}: {one.details}" for one in failures]
        self.scores[name] = set(self.sandbox.rows(SCORES))

    def seed(self, name: str) -> Path:
        return self.project.folder / "seeds" / "rules" / "health" / f"{name}.csv"


@pytest.fixture(scope="module")
def builds_of_tuned(small_raw, tmp_path_factory) -> Tuned:
    of = Tuned(tmp_path_factory.mktemp("tuning"), small_raw)
    with pytest.MonkeyPatch.context() as patch:
        of.build("vars", patch)
        changed = tuned.tune_seeds(of.project.folder)
        of.build("seeds", patch, "--select", *(f"{seed}+" for seed in changed))
    return of


@pytest.mark.builds
@pytest.mark.slow
@pytest.mark.parametrize("name", ["vars", "seeds"])
@pytest.mark.parametrize("check", [*PROOFS, "validations"])
def test_no_check_objects_to_other_rules(builds_of_tuned, name, check):
    assert builds_of_tuned.found[name, check] == []


@pytest.mark.builds
@pytest.mark.slow
def test_the_rules_have_an_effect(builds_of_tuned, warehouse):
    were, (with_vars, with_seeds) = set(warehouse.rows(SCORES)), builds_of_tuned.scores.values()
    assert len(were - with_vars) > len(were) / 20
    assert len(with_vars - with_seeds) > len(with_vars) / 2


@pytest.mark.builds
@pytest.mark.slow
def test_page_and_what_if_go_by_the_rules_of_the_build(builds_of_tuned, tmp_path):
    database, days = builds_of_tuned.sandbox.database, tuned.VARS["health_trend_days"]
    page = health.render(database, tmp_path / "health.html").read_text(encoding="utf-8")
    assert f"The largest falls in the last {days} days" in page
    assert f"leaves within {min(tuned.VARS['backtest_horizons'])} days" in page
    screen = Console(file=io.StringIO(), width=120)
    parts, bands = (str(builds_of_tuned.seed(name)) for name in ("health_parts", "health_bands"))
    asked = ["--database", str(database), "--weights", parts, "--bands", bands, "--horizon", "35"]
    assert what_if.main(asked, screen) == 0
    assert screen.file.getvalue().count("The files change nothing") == 2


def test_each_var_is_tuned_or_is_no_rule():
    project = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    assert project.keys() == tuned.VARS.keys() | tuned.NOT_TUNED
    assert not tuned.VARS.keys() & tuned.NOT_TUNED
    assert not [name for name, value in tuned.VARS.items() if value == project[name]]
