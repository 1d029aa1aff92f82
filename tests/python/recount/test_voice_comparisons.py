"""The comparisons of themes accept what the rules give, and notice what was changed."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from customer_success.recount.households.facts import World
from customer_success.recount.households.values import day_number
from customer_success.recount.marts.held import wrong_rows
from customer_success.recount.marts.theme_intervals import theme_intervals
from customer_success.recount.marts.voice import comment_keywords, comment_themes, theme_changes
from recount.voice_company import RULES

LAST = date(2026, 6, 30)
POLARITIES = ("positive", "negative", "negative", "neutral")


@pytest.fixture
def connection():
    """Return twelve households that speak of prices in June, and marts that the recount makes of them."""
    found = duckdb.connect()
    found.execute("create schema analytics")
    rows = [
        (f"h{number}", pd.Timestamp("2026-06-10"), "nps", "price", POLARITIES[number % 4], f"m{number}")
        for number in range(12)
    ]
    names = ("household_id", "created_at", "channel", "theme", "polarity", "message_id")
    found.register("mentions", pd.DataFrame(rows, columns=names))
    found.execute("create table analytics.fct_comment_themes as from mentions")
    found.execute("create table analytics.fct_message_sentiment as select created_at from mentions")
    found.execute(
        "create table analytics.dim_households as select household_id, true as is_active, 0 as churn_count,"
        " date '2024-01-01' as signup_date from mentions"
    )
    found.execute(
        "create table analytics.fct_churn_events (household_id varchar, churned_at date, reactivated_at date)"
    )
    found.execute(
        "create table analytics.rpt_comment_themes as select *, -0.9::double as ci_low,"
        f" 0.4::double as ci_high from ({comment_themes().expected})"
    )
    yield found
    found.close()


def test_counts_and_net_sentiment(connection):
    assert connection.execute(
        "select mentions, households, positive, negative, net_sentiment from analytics.rpt_comment_themes"
        " where channel = 'all'"
    ).fetchone() == (12, 12, 3, 6, pytest.approx(-1 / 3))
    assert wrong_rows(connection, comment_themes()) == []
    connection.execute("update analytics.rpt_comment_themes set negative = 5 where channel = 'nps'")
    assert "negative" in wrong_rows(connection, comment_themes())[0]


@pytest.mark.parametrize(
    ("low", "high", "is_wrong"), [(-0.9, 0.4, False), (-0.4, -0.2, True), (None, None, True)]
)
def test_an_interval_near_the_approximation(connection, low, high, is_wrong):
    connection.execute("update analytics.rpt_comment_themes set ci_low = ?, ci_high = ?", [low, high])
    assert bool(wrong_rows(connection, theme_intervals(connection, 10))) is is_wrong


def test_no_interval_under_ten_households(connection):
    connection.execute("delete from analytics.fct_comment_themes where message_id in ('m1', 'm2', 'm3')")
    assert wrong_rows(connection, theme_intervals(connection, 10)) != []
    connection.execute("update analytics.rpt_comment_themes set ci_low = null, ci_high = null")
    assert wrong_rows(connection, theme_intervals(connection, 10)) == []


def changes(connection, first: date) -> dict:
    """Return the row of prices where the first message is of a day."""
    connection.execute("insert into analytics.fct_message_sentiment values (?)", [first])
    connection.execute(
        "create or replace table analytics.rpt_theme_changes (theme varchar, households_30d bigint,"
        " expected_households double, p_value double, p_holm double, is_rising boolean)"
    )
    expected = theme_changes(connection, World(day_number(LAST), RULES, {}, {})).expected
    found = connection.execute(f"select * from ({expected}) where theme = 'price'").df()
    return found.iloc[0].to_dict()


def test_themes_are_compared_where_there_are_thirteen_windows(connection):
    row = changes(connection, LAST - timedelta(days=389))
    assert row["households_30d"] == 6 and row["expected_households"] == 0
    assert 0 < row["p_value"] <= row["p_holm"]


def test_with_one_day_less_nothing_is_expected(connection):
    row = changes(connection, LAST - timedelta(days=388))
    assert row["households_30d"] == 6 and row["expected_households"] is None and row["is_rising"] is None


def test_a_comment_counts_once_per_keyword(connection):
    connection.execute(
        "create table analytics.fct_nps_surveys as select * from (values ('Promoter', 'easy, so easy'),"
        " ('Promoter', 'uneasy'), ('Detractor', null)) as of(nps_category, nps_comment)"
    )
    connection.execute(
        "create table analytics.rpt_comment_keywords as select 'Promoter' as nps_category, 'easy' as keyword,"
        " 'positive' as polarity, 1::bigint as mention_count"
    )
    assert wrong_rows(connection, comment_keywords(connection, RULES)) == []
    connection.execute("update analytics.rpt_comment_keywords set mention_count = 2")
    assert wrong_rows(connection, comment_keywords(connection, RULES)) != []
