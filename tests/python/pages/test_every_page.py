"""What the pages of customers, voice and growth have in common: for any content, in any browser, offline."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
import vl_convert
from html_page import Page
from made_build import MODULES, Made, page_of
from made_customers import journeys
from made_growth import growth
from made_voice import voice

from customer_success.build import write_pages
from customer_success.pages import PAGES

HOSTILE = "</script><script>alert(1)</script>{{7*7}}<!--\"'&lt;<img src=x onerror=alert(2)>"
FULL = {"customers": journeys, "voice": voice, "growth": growth}
PARAMETERS = [
    ("customers", "stays"),
    ("customers", "left"),
    ("voice", "theme"),
    ("voice", "subject"),
    ("growth", "household"),
]
SENTENCES = {
    "customers": (
        "No household is in a stage yet.",
        "No household is in a stage of the journey yet.",
        "No household has changed its stage of the journey.",
        "No household has changed its stage of the lifecycle.",
        "No stage was entered long enough ago to be measured.",
        "No household has begun an onboarding program yet.",
        "No month with customers is complete yet.",
        "No subscription of half a year or more renews in the time shown.",
        "The CRM has no owner.",
        "There is no customer to assign.",
    ),
    "voice": (
        "No scored message mentions a theme yet.",
        "There is no theme to test.",
        "No comment of an NPS answer contains a keyword.",
        "No answer or review calls for a follow-up yet.",
        "No survey has fallen due yet.",
        "Nothing was escalated in the time shown.",
    ),
    "growth": (
        "No opportunity has been identified yet.",
        "No opportunity was opened long enough ago to be tested.",
        "No household is a candidate for a program today.",
        "No customer was on Free 90 days ago.",
        "No referral has been made yet.",
        "No review has been asked for or written yet.",
        "No household has earned points yet.",
    ),
}

# Other vars and rules than those of the project, and what the page says with them only; the last sentences
# are those of empty tables.
TUNED = {
    "customers": (
        {
            "first_value_days": 11,
            "renewal_min_interval_days": 101,
            "renewal_forecast_days": 1,
            "portfolio_renewal_days": 43,
        },
        "update rules.journey_drop_offs set within_days = 44 where within_days = 90",
        (
            "first value in 11 days",
            "Of subscriptions of 101 days and more.",
            "keeps the forecast made 1 day before it.",
            "renewals in 43 days",
            "Within 44 days of entering the stage, retention within 365",
            "No subscription of 101 days or more renews in the time shown.",
        ),
    ),
    "voice": (
        {
            "theme_window_days": 21,
            "theme_windows": 9,
            "theme_alpha": 0.02,
            "theme_min_households": 13,
            "loop_lapse_days": 61,
            "survey_send_days": 5,
            "survey_days": 300,
            "escalation_change_days": 15,
        },
        "update rules.feedback_loop_rules set due_hours = 30 where origin = 'csat';"
        " update rules.feedback_loop_rules set due_hours = 48 where kind = 'champion'",
        (
            "households in the last 21 days",
            "households in 21 days",
            "in the last 21 days, against the rate per customer of the 9 windows before",
            "is below 0.02.",
            "It has an interval from 13 households on",
            "bad reviews call for a person within 24 hours or 30 hours,",
            "good reviews for thanks within 2 days.",
            "not followed up in 61 days",
            "due more than 5 days ago",
            "In the last 300 days",
            "change in 15 days",
        ),
    ),
    "growth": (
        {
            "funnel_days": 41,
            "opportunity_outcome_days": 51,
            "opportunity_study_days": 201,
            "opportunity_min_n": 17,
            "reward_wait_days": 19,
            "leaderboard_days": 99,
        },
        "",
        (
            "Last 41 days. Reached",
            "Won within 51 days",
            "Measured: the share won within 51 days among the openings of the period of 201 days that ends 51"
            " days ago, from 17 openings on.",
            "due 19 days after its first paid invoice",
            "Referrals that converted in 99 days",
            "No customer was on Free 41 days ago.",
        ),
    ),
}


@pytest.fixture(scope="module", params=MODULES)
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def folder(name, tmp_path_factory) -> Path:
    """Where the full page of that name and its database are."""
    folder = tmp_path_factory.mktemp(name)
    page_of(name, Made(FULL[name]()), folder)
    return folder


@pytest.fixture(scope="module")
def full(name, folder) -> Page:
    return Page((folder / f"{name}.html").read_text(encoding="utf-8"))


def test_page_needs_no_network_and_is_small(full, name, folder):
    assert (folder / f"{name}.html").stat().st_size < 5_000_000
    assert not full.reaching_out
    policy = next(
        m["content"] for m in full.named("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy and "http" not in policy and "*" not in policy
    assert "url" not in json.dumps([spec.get("data", {}) for spec in full.specs.values()])


@pytest.mark.parametrize(
    "text", ['<a href="https://a.b">', '<a href="other.html">', '<img alt="">', '<p src="x">']
)
def test_what_reaches_out_is_seen(text):
    assert Page(text).reaching_out


def test_page_links_to_all_pages_and_marks_itself(full, name):
    links = {attributes["href"]: attributes for attributes in full.named("a")}
    assert list(links) == [f"{page}.html" for page in PAGES]
    assert [href for href, of in links.items() if of.get("aria-current") == "page"] == [f"{name}.html"]


def test_build_writes_the_pages_that_are_linked(tmp_path, monkeypatch):
    written = []
    for module in ("churn", "growth", "health", "journeys", "metrics", "voice"):
        monkeypatch.setattr(
            f"customer_success.{module}.page.render", lambda _, out: written.append(out.name) or out
        )
    assert write_pages(tmp_path / "some.duckdb", tmp_path) == [tmp_path / f"{page}.html" for page in PAGES]
    assert written == [f"{page}.html" for page in PAGES]


def test_same_database_gives_the_same_bytes(name, folder, tmp_path):
    again = tmp_path / "again.html"
    assert MODULES[name].main(["--database", str(folder / "made.duckdb"), "--out", str(again)]) == 0
    assert again.read_bytes() == (folder / f"{name}.html").read_bytes()


def test_page_can_be_read_by_a_screen_reader(full):
    assert full.named("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in full.elements if tag in {"h1", "h2", "h3"}]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    drawn = [a for a in full.named("div") if a.get("class") == "chart"]
    assert {chart["id"] for chart in drawn} == set(full.specs) and len(drawn) > 8
    assert all(chart["role"] == "img" and len(chart["aria-label"]) > 20 for chart in drawn)
    assert all(header["scope"] in {"col", "row"} for header in full.named("th"))
    assert sum(tag == "table" for tag, _ in full.elements) >= len(drawn)


def test_each_chart_can_be_drawn(full):
    for chart, spec in full.specs.items():
        drawn = vl_convert.vegalite_to_svg(spec | {"width": 500})
        assert "NaN" not in drawn and "undefined" not in drawn, chart
        assert drawn.count("<path") + drawn.count("<line") > 2, chart


def test_synthetic_data_are_called_so(full, name, tmp_path):
    assert "SYNTHETIC" not in full.text
    rows = FULL[name]()
    made = Made(rows | {"dim_households": [row | {"is_synthetic": True} for row in rows["dim_households"]]})
    assert "SYNTHETIC These data are simulated" in page_of(name, made, tmp_path).text


def test_empty_tables_give_sentences_and_no_chart(name, tmp_path):
    page = page_of(name, Made(), tmp_path)
    assert page.specs == {} and not page.lookup
    for sentence in SENTENCES[name]:
        assert sentence in page.text, sentence
    assert not re.search(r"\b(None|nan)\b", page.text)


@pytest.mark.parametrize(("page_name", "table"), [(name, table) for name in FULL for table in FULL[name]()])
def test_any_one_table_may_be_empty(page_name, table, tmp_path):
    page = page_of(page_name, Made(FULL[page_name]() | {table: []}), tmp_path)
    assert page.specs and not re.search(r"\b(None|nan)\b", page.text)


def test_texts_say_the_vars_and_rules_of_the_build(name, full, tmp_path):
    tuned, rules, sentences = TUNED[name]
    told = page_of(name, Made(FULL[name](), tuned, rules), tmp_path).text
    told += page_of(name, Made({}, tuned, rules), tmp_path).text
    for sentence in sentences:
        assert sentence in told and sentence not in full.text, sentence


def test_what_is_null_is_never_shown_as_a_word_of_python(full):
    assert not re.search(r"\b(None|nan|True|False)\b", full.text)


@pytest.mark.parametrize(("page_name", "parameter"), PARAMETERS)
def test_text_from_the_tables_stays_text(page_name, parameter, tmp_path):
    page = page_of(page_name, Made(FULL[page_name](**{parameter: HOSTILE})), tmp_path)
    scripts = [attributes.get("id") for attributes in page.named("script")]
    assert scripts == ["specs", None, None, *(["lookup", None] if page_name == "customers" else [])]
    assert not page.named("img")
    assert not any(key.startswith("on") for _, attributes in page.elements for key in attributes)
    for held, script in zip(scripts, page.scripts, strict=True):
        assert held is None or "<" not in script, "nothing in it can end the script or begin a comment"
    shown = "".join(page.texts) + json.dumps(page.specs) + json.dumps(page.lookup)
    assert HOSTILE in shown or json.dumps(HOSTILE)[1:-1] in shown


def test_command_says_what_is_missing(name, tmp_path, capsys):
    out = ["--out", str(tmp_path / "x.html")]
    assert MODULES[name].main(["--database", str(tmp_path / "none.duckdb"), *out]) == 1
    assert "there is no database" in capsys.readouterr().err
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    assert MODULES[name].main(["--database", str(tmp_path / "empty.duckdb"), *out]) == 1
    assert "Build the project first" in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()


def test_page_of_a_whole_build(name, warehouse_database, tmp_path):
    out = tmp_path / f"{name}.html"
    assert MODULES[name].main(["--database", str(warehouse_database), "--out", str(out)]) == 0
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        names = connection.execute(
            "select household_name from analytics.dim_households where household_name is not null"
        ).fetchall()
        quotes = connection.execute("select quote from analytics.escalation_quotes").fetchall()
        (customers,) = connection.execute(
            "select count(*) from analytics.dim_households where is_active"
        ).fetchone()
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert names and quotes and not any(one in text for (one,) in [*names, *quotes])
    assert f"customers{customers:,}" in "".join(page.texts) and "SYNTHETIC" in page.text
    for chart, spec in page.specs.items():
        assert "NaN" not in vl_convert.vegalite_to_svg(spec | {"width": 400}), chart
