"""Two planted lies are caught by builds of their own; `make planted` tries all of them."""

from __future__ import annotations

import pytest
from harness import REPOSITORY

from .catching import SMALL, Bench, Outcome
from .company import Built
from .lie import Replace
from .lies import LIES

# One that stops a build at its start, one that only a proof after dbt sees. Each build takes a minute.
TRIED = ("The ledger is emptied", "Tickets are opened an hour later")
TEXTS = [(lie.name, plant) for lie in LIES for plant in lie.plants if isinstance(plant, Replace)]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, Outcome]:
    """Outcome by name of the lie."""
    folder = tmp_path_factory.mktemp("lies")
    tried = [lie for lie in LIES if lie.name in TRIED]
    return {
        outcome.lie.name: outcome for outcome in Bench(folder, SMALL, honest_today=False).catch_all(tried)
    }


@pytest.mark.parametrize("name", TRIED)
def test_lie_is_caught_by_the_build(name, outcomes):
    outcome = outcomes[name]
    assert outcome.caught, f"{outcome.lie.check} did not stop the build:\n{outcome.built.output[-4000:]}"


def test_a_build_that_passed_caught_nothing():
    """The harness can say 'not caught', and that another check stopped the build."""
    lie = next(lie for lie in LIES if lie.name in TRIED)
    stopped = "Nothing was published. What failed:\n* {}: fail  (models/x.yml)\n"
    assert Outcome(lie, Built(1, stopped.format(lie.check)), 0).caught
    assert not Outcome(lie, Built(1, stopped.format("another_check")), 0).caught
    assert not Outcome(lie, Built(0, "All is well: nothing failed\n"), 0).caught


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_the_guide_names_the_check_that_catches_it(lie):
    row = f"| {lie.name} | {lie.kind} | `{lie.where}` | `{lie.check}` |"
    assert row in (REPOSITORY / "docs" / "proofs.md").read_text(encoding="utf-8")


def test_names_are_unique():
    assert len({lie.name for lie in LIES}) == len(LIES)


@pytest.mark.parametrize(("name", "plant"), TEXTS, ids=[name for name, _ in TEXTS])
def test_replaced_texts_are_in_the_project(name, plant):
    assert (REPOSITORY / plant.file).read_text(encoding="utf-8").count(plant.honest) == 1


def test_problems_are_read_from_the_screen():
    screen = "Nothing was published. What failed:\n* unique_fct_x: fail  (models/x.yml)\n  Got 1 result\n"
    assert Built(1, screen).problems == ["unique_fct_x"]
    assert Built(0, "All is well: nothing failed\n").problems == []
