"""The page of customers: it shows the rows of the tables, and finds a household by its id."""

from __future__ import annotations

import pytest
from html_page import Page
from made_build import Made, charts, page_of
from made_customers import SUNDAYS, journeys

from customer_success.pages.lookup import FIND


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Page:
    return page_of("customers", Made(journeys()), tmp_path_factory.mktemp("customers"))


def found(page: Page, household: str) -> dict[str, str]:
    """What the search shows of a household."""
    (row,) = [row for row in page.lookup["rows"] if row[0] == household]
    texts = page.lookup["texts"]
    return dict(zip(page.lookup["columns"], [row[0], *(texts[place] for place in row[1:])], strict=True))


def test_search_has_each_household_with_what_is_known_of_it(page):
    assert found(page, "hh_1") == {
        "household": "hh_1",
        "plan": "unknown",
        "manager": "own_1",
        "journey": "adoption, spell since an unknown day",
        "lifecycle": "at risk, spell since 2026-06-28",
        "next stage": "adopting, 50% of its conditions hold",
        "blockers": "health 21 (threshold 60)",
        "engagement": "unknown in 2026-06",
        "open loops": "resolution after nps, overdue, due 2026-06-20",
        "open opportunities": "task expansion since 2026-06-14, 9.99 a month",
    }
    left = found(page, "hh_2")
    assert (left["plan"], left["manager"], left["next stage"]) == ("no customer now", "nobody", "none")
    assert left["engagement"] == "none: no customer in the last complete month"
    assert [row[0] for row in page.lookup["rows"]] == ["hh_1", "hh_2"]


def test_search_writes_text_only():
    assert "textContent" in FIND
    assert not any(word in FIND for word in ("innerHTML", "insertAdjacentHTML", "document.write", "fetch("))


def test_each_text_is_held_once(page):
    assert len(set(page.lookup["texts"])) == len(page.lookup["texts"])


def test_head_counts_customers_and_those_at_risk(page):
    assert "customers1" in "".join(page.texts) and "at risk1" in "".join(page.texts)


def test_stages_now_are_those_of_today(page):
    shown = {
        row["name"]: row["n"] for row in page.data(charts(page, "Stages of the lifecycle, households: "), "n")
    }
    assert shown == {"at risk": 1, "churned": 1}


def test_stages_over_time_count_the_spells_of_each_sunday(page):
    rows = page.data(charts(page, "Stages of the journey, households on each Sunday"), "stage")
    shown = {row["day"][:10]: row["n"] for row in rows if row["stage"] == "adoption"}
    # A truncated spell counts from the first Sunday on; one that ended on a Sunday no more on that Sunday.
    assert shown == {str(SUNDAYS[0]): 2, str(SUNDAYS[1]): 1, str(SUNDAYS[2]): 1}
    assert not any(row["stage"] == "churned" for row in rows)
    later = page.data(charts(page, "Stages of the lifecycle, households on each Sunday"), "stage")
    assert {(row["day"][:10], row["stage"]) for row in later if row["n"]} == {
        ("2026-06-14", "growing"),
        ("2026-06-21", "growing"),
        ("2026-06-28", "at risk"),
    }


def test_flows_are_the_rates_with_their_intervals(page):
    cells = page.data(charts(page, "Transitions per 30 days"), "value")
    shown = {(cell["down"], cell["across"]): (cell["value"], cell["interval"]) for cell in cells}
    assert shown == {
        ("adoption", "churned"): (0.1, "0.050 to 0.200"),
        ("churned", "adoption"): (0.5, "no interval"),
    }
    assert "awareness" in page.text, "the transition without a rate is in the table"


def test_drop_off_is_beside_what_is_stated_and_says_what_is_not_measured(page):
    points = {row["name"]: row for row in page.data(charts(page, "Share that left"), "label")}
    measured = points["adoption"]
    assert (measured["value"], measured["low"], measured["high"], measured["stated"]) == (
        0.1,
        0.04,
        0.23,
        0.25,
    )
    assert points["adoption"]["label"] == "10% (4% to 23%), n = 40; stated 25%"
    assert points["retention"]["value"] is None
    assert points["retention"]["label"] == "not measured, n = 0; stated 8.0%"
    assert points["awareness"]["label"] == "not measured; stated 70%"


def test_onboarding_cohorts_have_the_interval_and_a_gap_where_none_is_recorded(page):
    rows = page.data(charts(page, "Quick start, measured"), "value")
    assert [(row["value"], row["low"], row["high"], row["n"]) for row in rows] == [
        (0.8, 0.49, 0.94, 10),
        (None, None, None, 2),
    ]
    assert "80% (49% to 94%)" in page.text and "unknown" in page.text
    assert "first pet *" in page.text and "reminders" in page.text


def test_engagement_without_a_score_is_unknown(page):
    rows = page.data(charts(page, "Levels of engagement"), "part")
    shown = {
        (row["month"][:7], row["part"]): (row["n"], row["high"] - row["low"]) for row in rows if row["n"]
    }
    assert shown == {("2026-05", "high"): (1, 1), ("2026-06", "unknown"): (1, 1)}


def test_renewals_have_the_forecast_or_what_it_lacks(page):
    rows = page.data(charts(page, "MRR by month of renewal"), "mrr")
    assert [(row["mrr"], row["forecast_mrr"], row["ci_low"], row["ci_high"]) for row in rows] == [
        (20, 15, 5, 20),
        (9.99, None, None, None),
    ]
    assert "No forecast for 1 month of 2: needs 30 settled renewals, has 1." in page.text
    status = page.data(charts(page, "Renewals by what became of them"), "part")
    assert {row["part"] for row in status if row["n"]} == {"ahead", "unknown"}


def test_portfolios_show_unknown_sizes_as_unknown(page):
    bars = page.data(charts(page, "Customers by manager"), "owner_id")
    assert {(bar["owner_id"], bar["portfolio_size"]) for bar in bars} == {("own_1", 20), ("own_2", None)}
    assert sum(bar["n"] for bar in bars if "part" in bar) == 1


def test_customers_without_a_manager_are_in_the_lead(tmp_path):
    rows = journeys()
    rows["fct_csm_assignments"] = [
        {"household_id": "hh_1", "assignment": "unassigned", "reason": "no_portfolio_left"}
    ]
    page = page_of("customers", Made(rows), tmp_path)
    assert "No manager is found for 1 customer." in page.text
