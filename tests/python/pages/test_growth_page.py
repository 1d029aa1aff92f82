"""The page of growth: it shows the rows of the tables, and what is not measured with its n."""

from __future__ import annotations

import pytest
from html_page import Page
from made_build import Made, charts, page_of
from made_growth import growth


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Page:
    return page_of("growth", Made(growth()), tmp_path_factory.mktemp("growth"))


def labels(page: Page, heading: str) -> dict[str, dict]:
    return {row["name"]: row for row in page.data(charts(page, heading), "label")}


def test_head_counts_opportunities_candidates_and_advocates(page):
    head = "".join(page.texts)
    assert all(word in head for word in ("open opportunities2", "candidates1", "advocates1"))


def test_pipeline_shows_values_and_unknown_ones_as_unknown(page):
    shown = labels(page, "Open opportunities by type")
    assert shown["user expansion"]["label"] == "1 (8)" and shown["user expansion"]["value"] == 8.25
    assert shown["add features"]["label"] == "1 (unknown)" and shown["add features"]["value"] is None
    outcomes = page.data(charts(page, "What became of them"), "part")
    assert {(row["name"], row["part"]): row["n"] for row in outcomes} == {
        ("add features", "open"): 1,
        ("user expansion", "lost"): 1,
        ("user expansion", "open"): 1,
    }


def test_measured_probability_stands_beside_the_stated_one(page):
    shown = labels(page, "Won within 90 days")
    measured = shown["user expansion"]
    assert (measured["value"], measured["low"], measured["high"], measured["stated"]) == (
        0.2,
        0.11,
        0.33,
        0.75,
    )
    assert measured["label"] == "20% (11% to 33%), n = 50; stated 75%"
    unmeasured = shown["add features"]
    assert unmeasured["value"] is None and unmeasured["stated"] is None
    assert unmeasured["label"] == "not measured, n = 12; none stated"
    assert "1 of 2 types can be measured; in 1 of 1 the stated number is outside the interval." in page.text


def test_lift_has_its_interval_or_is_not_measured(page):
    shown = labels(page, "Within 90 days")
    lift = shown["user expansion"]
    assert (lift["value"], lift["low"], lift["high"]) == (3.1, 1.2, 9.0)
    assert lift["label"] == "3.1 (1.2 to 9.0), 4 of 43 won"
    assert shown["add features"]["value"] is None
    assert shown["add features"]["label"] == "not measured, 0 of 12 won"
    assert "Of 2 pairs of type and horizon 1 can be tested; in 1 the lift is more than noise." in page.text


def test_candidates_are_listed_by_id(page):
    rows = page.data(charts(page, "Upsell, households"), "part")
    assert [(row["name"], row["n"]) for row in rows] == [("photos", 1)]
    assert "hh_1" in page.text and "more photos" in page.text


def test_only_the_first_of_a_program_are_listed(tmp_path):
    rows = growth()
    (first,) = rows["fct_growth_candidates"]
    rows["fct_growth_candidates"] = [
        first | {"household_id": f"candidate_{rank}", "rank": rank} for rank in range(1, 9)
    ]
    text = page_of("growth", Made(rows), tmp_path).text
    assert "candidate_5" in text and "candidate_6" not in text


def test_funnel_has_counts_and_rates_with_intervals(page):
    steps = page.data(charts(page, "Steps, households"), "part")
    assert [row["n"] for row in steps] == [80, 26, 17, 0, 1]
    rates = labels(page, "Rates")
    assert rates["considered after being reached"]["label"] == "65% (46% to 81%), n = 26"
    assert rates["bought after a trial"]["label"] == "not measured, n = 0"
    assert "1.2% of those on Free bought by this way. 2 households bought without" in page.text


def test_self_referrals_stand_apart(page):
    rows = page.data(charts(page, "By month and status"), "part")
    assert {row["part"]: row["n"] for row in rows} == {"rewarded": 1, "self-referral": 1}


def test_reviews_have_rates_and_ratings_with_intervals(page):
    asked, rated = labels(page, "Requests answered"), labels(page, "Ratings")
    assert asked["app store"]["label"] == "30% (11% to 60%), 3 of 10"
    assert asked["trustpilot"]["label"] == "not measured, 0 of 0"
    assert rated["app store"]["label"] == "4.2 (3.1 to 4.9), n = 8"
    assert rated["trustpilot"]["label"] == "not measured, n = 0"
    assert "nobody gets money, credit or points for a review" in page.text


def test_rewarded_activities_are_marked_as_rewarded(page):
    assert "testimonial 1 × (rewarded); webinar 2 × (not rewarded)" in page.text
    rows = page.data(charts(page, "What they did"), "part")
    assert {(row["name"], row["part"]): row["n"] for row in rows} == {
        ("testimonial", "rewarded"): 1,
        ("webinar", "not rewarded"): 2,
    }
