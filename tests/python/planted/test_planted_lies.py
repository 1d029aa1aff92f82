"""A planted lie of each kind is caught by the check that is named for it; `make planted` tries them all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from harness import AT_ONCE, DAY_ONE, REPOSITORY

from .catching import AS_OF, Outcome, catch, honest_problems
from .lies import LIES

# The first that needs a seeded state of the data, incremental models anew, the package, a proof, or nothing.
OF_EACH_KIND = list(
    {(bool(lie.data), lie.full, lie.is_of_package, lie.is_of_proofs): lie for lie in reversed(LIES)}.values()
)


@pytest.fixture(scope="module")
def base(builds):
    """A build whose month is not over; its checks are green."""
    assert AS_OF == DAY_ONE
    sandbox = builds["day_one"]
    problems = honest_problems([lie for lie in OF_EACH_KIND if not lie.is_of_package], sandbox)
    assert not problems, problems
    return sandbox


@pytest.fixture(scope="module")
def outcomes(base, tmp_path_factory) -> dict[str, Outcome]:
    """Outcome by name of the lie; a few are tried at once."""
    folder = tmp_path_factory.mktemp("lies")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tried = pool.map(
            lambda numbered: catch(numbered[1], base, folder / str(numbered[0])), enumerate(OF_EACH_KIND)
        )
        return {outcome.lie.name: outcome for outcome in tried}


@pytest.mark.parametrize("name", [lie.name for lie in OF_EACH_KIND])
def test_lie_is_caught(name, outcomes):
    outcome = outcomes[name]
    assert outcome.caught, f"{outcome.lie.check} did not turn red:\n{outcome.said}"


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_the_guide_says_who_catches_it(lie):
    row = f"| {lie.name} | `{Path(lie.file).name}` | `{lie.check.split('::')[-1]}` |"
    assert row in (REPOSITORY / "docs" / "truth.md").read_text(encoding="utf-8")


def test_names_are_unique():
    assert len({lie.name for lie in LIES}) == len(LIES)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_what_is_replaced_stands_in_the_project(lie):
    assert (REPOSITORY / lie.file).read_text(encoding="utf-8").count(lie.honest) == 1


def test_a_check_that_does_not_turn_red_is_seen(base, tmp_path):
    """A change that is no lie is not caught: the harness can say so."""
    harmless = LIES[0].__class__(
        name="nothing",
        file="models/marts/feedback/fct_nps_surveys.sql",
        honest="responses.score as nps_score,",
        told="responses.score + 0 as nps_score,",
        rebuild="fct_nps_surveys",
        check="assert_survey_answers_are_kept_as_given",
    )
    assert not catch(harmless, base, tmp_path / "harmless").caught
