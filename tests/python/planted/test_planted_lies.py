"""Each planted lie is caught by the check that is named for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from harness import AT_ONCE, REPOSITORY

from .catching import Outcome, catch
from .lies import LIES


@pytest.fixture(scope="module")
def outcomes(warehouse, tmp_path_factory) -> dict[str, Outcome]:
    """Outcome by name of the lie; a few are tried at once. All checks of the base are green."""
    folder = tmp_path_factory.mktemp("lies")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tried = pool.map(
            lambda numbered: catch(numbered[1], warehouse, folder / str(numbered[0])), enumerate(LIES)
        )
        return {outcome.lie.name: outcome for outcome in tried}


@pytest.mark.parametrize("name", [lie.name for lie in LIES])
def test_lie_is_caught(name, outcomes):
    outcome = outcomes[name]
    assert outcome.caught, f"{outcome.lie.check} did not turn red:\n{outcome.said}"


def test_names_are_unique():
    assert len({lie.name for lie in LIES}) == len(LIES)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_what_is_replaced_stands_in_the_project(lie):
    assert (REPOSITORY / lie.file).read_text(encoding="utf-8").count(lie.honest) == 1


def test_a_check_that_does_not_turn_red_is_seen(warehouse, tmp_path):
    """A change that is no lie is not caught: the harness can say so."""
    harmless = LIES[0].__class__(
        name="nothing",
        file="models/marts/feedback/fct_nps_surveys.sql",
        honest="responses.score as nps_score,",
        told="responses.score + 0 as nps_score,",
        rebuild="fct_nps_surveys",
        check="assert_survey_answers_are_kept_as_given",
    )
    assert not catch(harmless, warehouse, tmp_path / "harmless").caught
