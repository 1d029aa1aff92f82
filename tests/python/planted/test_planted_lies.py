"""A planted lie of some kinds is caught by the build; `make planted` tries all of them."""

from __future__ import annotations

import pytest
from harness import REPOSITORY

from .catching import SMALL, Bench, Outcome
from .company import Built
from .lie import Lie, Replace
from .lies import LIES

# One for each place at which a build can stop: at the start, in dbt, by a proof, at the gate.
TRIED = (
    "The ledger is emptied",
    "Detractors are dropped",
    "Tickets are opened an hour later",
    "All tests only warn",
)
TEXTS = [(lie.name, plant) for lie in LIES for plant in lie.plants if isinstance(plant, Replace)]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, Outcome]:
    """Outcome by name of the lie; a few are tried at once."""
    folder = tmp_path_factory.mktemp("lies")
    harmless = Replace(
        "models/marts/feedback/fct_nps_surveys.sql",
        "responses.score as nps_score,",
        "responses.score + 0 as nps_score,",
    )
    tried = [lie for lie in LIES if lie.name in TRIED]
    tried.append(Lie("nothing", "harmless", (harmless,), "assert_survey_answers_match_responses"))
    return {outcome.lie.name: outcome for outcome in Bench(folder, SMALL).catch_all(tried)}


@pytest.mark.parametrize("name", TRIED)
def test_lie_is_caught_by_the_build(name, outcomes):
    outcome = outcomes[name]
    assert outcome.caught, f"{outcome.lie.check} did not stop the build:\n{outcome.built.output[-4000:]}"


def test_a_change_that_is_no_lie_is_not_caught(outcomes):
    """The harness can say 'not caught'."""
    assert not outcomes["nothing"].caught


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
