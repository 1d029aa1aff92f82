"""The length of the published history decides where spells begin to be shown, and nothing else about them."""

from __future__ import annotations

import pytest
from harness import Sandbox

WEEKS = 26  # the other build has the history of the project, which is longer than the company is old
CHAIN = " ".join(
    f"dim_dates+,+{mart}"
    for mart in ("fct_journey_stages", "fct_lifecycle_stages", "expansion_opportunities")
)
# The days from which a household is followed from the beginning in both windows: signup, or a return.
FOLLOWED = """
    select household_id, signup_date as day from intermediate.int_household_signups
    where signup_date >= {start}
    union all
    select household_id, reactivated_at from intermediate.int_household_churn_spells
    where reactivated_at >= {start}
"""
INSIDE = "exists (select 1 from ({followed}) as followed where followed.household_id = {mart}."
# Per mart the spells that both builds must have alike; spells are numbered within what is shown.
COMPARED = {
    "fct_journey_stages": "select * exclude (spell_number) from {mart} where entered_on > {start}",
    "fct_lifecycle_stages": "select * exclude (spell_number) from {mart} where "
    + INSIDE
    + "household_id and {mart}.entered_on >= followed.day)",
    "expansion_opportunities": "select * from {mart} where "
    + INSIDE
    + "customer_id and {mart}.identified_at >= followed.day)",
}
TRUNCATED = "select * exclude (spell_number) from {mart} where is_left_truncated"


def offer_builds(builds, project, small_raw, tmp_path_factory) -> list[str]:
    """Offer the build of a short history, on top of one of all."""
    base = tmp_path_factory.mktemp("window")

    def make(b) -> Sandbox:
        return b["warehouse"].copy(base / "short", variables={"history_weeks": WEEKS}).build(select=CHAIN)

    builds.offer("short_window", make)
    return ["short_window"]


def start_of(build: Sandbox):
    """The first Sunday of the published history of a build."""
    return build.value(
        "select min(score_date) from intermediate.int_lifecycle_dates where dayofweek(score_date) = 0"
    )


def spells(build: Sandbox, mart: str, query: str, start) -> list[tuple]:
    day = f"date '{start}'"
    followed = FOLLOWED.format(start=day)
    return build.rows(
        f"from ({query.format(mart=f'analytics.{mart}', start=day, followed=followed)}) order by all"
    )


@pytest.mark.parametrize("mart", COMPARED)
def test_spells_inside_both_windows_are_equal(builds, warehouse, mart):
    short = builds["short_window"]
    start = start_of(short)
    assert start > start_of(warehouse)
    found, expected = (spells(build, mart, COMPARED[mart], start) for build in (short, warehouse))
    assert len(expected) > 20
    assert found == expected


@pytest.mark.parametrize("mart", ["fct_journey_stages", "fct_lifecycle_stages"])
def test_what_was_running_on_the_first_sunday_is_truncated(builds, warehouse, mart):
    """The windows do differ: spells of which the beginning is unknown are those of the short one alone."""
    short = builds["short_window"]
    assert len(spells(short, mart, TRUNCATED, start_of(short))) > 20
    assert spells(warehouse, mart, TRUNCATED, start_of(warehouse)) == []


def test_a_lifecycle_that_began_before_the_window_may_differ(builds, warehouse):
    """The comparison can fail: without the condition on where a household is followed from it would."""
    short = builds["short_window"]
    query = "select * exclude (spell_number) from {mart} where entered_on > {start}"
    found, expected = (spells(b, "fct_lifecycle_stages", query, start_of(short)) for b in (short, warehouse))
    assert found != expected
