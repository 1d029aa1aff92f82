"""The page of the voice of the customer: it shows the rows of the tables."""

from __future__ import annotations

import pytest
from html_page import Page
from made_build import Made, charts, page_of
from made_voice import voice


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Page:
    return page_of("voice", Made(voice()), tmp_path_factory.mktemp("voice"))


def test_head_counts_what_waits(page):
    head = "".join(page.texts)
    assert "loops overdue1" in head and "open escalations1" in head


def test_mentions_diverge_and_are_those_of_the_last_month_that_is_over(page):
    rows = page.data(charts(page, "Negative and positive mentions"), "side")
    assert {(row["theme"], row["side"]): row["n"] for row in rows} == {
        ("price", "negative"): -16,
        ("price", "positive"): 8,
        ("support", "negative"): 0,
        ("support", "positive"): 0,
    }
    assert "In the month from 2026-06-01, price was mentioned most: 30 messages of 20 households" in page.text


def test_a_month_that_is_not_over_is_not_the_last(tmp_path):
    rows = voice()
    for row in rows["rpt_comment_themes"]:
        row["month_start"] = row["month_start"].replace(month=row["month_start"].month + 1)
    page = page_of("voice", Made(rows), tmp_path)
    assert "In the month from 2026-06-01, price was mentioned most: 2 messages" in page.text
    assert "not over" in page.text


def test_net_sentiment_has_its_interval_or_says_that_there_is_none(page):
    points = {row["name"]: row for row in page.data(charts(page, "Net sentiment: price"), "label")}
    assert points["price"]["value"] == pytest.approx(-1 / 3)
    assert (points["price"]["low"], points["price"]["high"]) == (-0.6, -0.1)
    assert points["price"]["label"] == "−0.33 (−0.60 to −0.10), 20 households"
    assert points["support"]["value"] is None
    assert points["support"]["label"] == "not measured, 1 household"
    cells = page.data(charts(page, "Net sentiment by month"), "net_sentiment")
    assert {(cell["month_start"][:7], cell["interval"]) for cell in cells} == {
        ("2026-06", "−0.60 to −0.10"),
        ("2026-05", "no interval"),
    }


def test_rising_themes_are_named_and_untested_ones_are_not_called_steady(page):
    rows = {row["theme"]: row for row in page.data(charts(page, "Households with a negative"), "label")}
    assert rows["price"]["label"] == "price: 16, expected 4.5, rising"
    assert rows["billing"]["label"] == "billing: 4, expected 4.0, no clear change"
    assert rows["support"]["label"] == "support: 7, not tested"
    assert "Price: more households than before. 1 of 3 are not tested" in page.text
    assert "is below 0.01." in page.text


def test_nothing_rising_is_not_claimed_to_be_calm(tmp_path):
    rows = voice()
    rows["rpt_theme_changes"] = [{"theme": "support"}]
    page = page_of("voice", Made(rows), tmp_path)
    assert "No theme is known to rise. 1 of 1 are not tested" in page.text
    assert "support: unknown, not tested" in str(page.specs)


def test_loops_are_counted_by_status(page):
    rows = page.data(charts(page, "Unhappy answers"), "part")
    assert {row["part"]: row["n"] for row in rows} == {"on time": 1, "overdue": 1, "unobservable": 1}
    assert "There is none yet." in page.text, "no happy answer"
    waiting = page.data(charts(page, "Open and overdue, by manager"), "part")
    assert [(row["name"], row["part"], row["n"]) for row in waiting] == [("nobody", "overdue", 1)]
    assert "1 loop overdue, 0 open and not yet due." in page.text


def test_survey_decisions_and_response_rates_are_those_of_the_tables(page):
    rows = page.data(charts(page, "Decisions by type"), "part")
    assert {row["part"]: row["n"] for row in rows} == {"already sent": 1, "missed": 1, "send": 1}
    rates = page.data(charts(page, "NPS: answered"), "value")
    assert [(row["value"], row["low"], row["high"], row["n"]) for row in rates] == [
        (0.25, 0.07, 0.59, 8),
        (None, None, None, 0),
    ]
    assert "Not measured in 1 month: no surveys sent." in page.text
    assert "1 survey is to be sent today." in page.text


def test_escalations_are_bars_from_the_opening_to_the_closing(page):
    bars = page.data(charts(page, "Escalations"), "from")
    assert [(bar["label"], bar["from"][:10], bar["to"][:10]) for bar in bars] == [
        ("critical bug: tkt_1 (open)", "2026-06-02", "2026-06-30"),
        ("critical bug: theme_1", "2026-06-02", "2026-06-09"),
    ]
    assert bars[1]["opened"] == "before the days shown"
    assert "1 escalation is open, for engineering." in page.text


def test_more_escalations_than_fit_are_in_the_table(tmp_path):
    rows = voice()
    (first, _) = rows["fct_escalations"]
    rows["fct_escalations"] = [first | {"escalation_id": f"e{n}", "subject": f"tkt_{n}"} for n in range(50)]
    page = page_of("voice", Made(rows), tmp_path)
    assert "The first 40 of 50" in page.text
    assert all(f"tkt_{n}" in page.text for n in range(50))
    assert len(page.data(charts(page, "Escalations"), "from")) == 40
