"""Themes of comments by hand: whole words and plurals, polarity, what counts as scored."""

from __future__ import annotations

from fractions import Fraction

import pytest

from customer_success.recount.households.facts import Answer
from customer_success.recount.households.themes import has_word, mentions, plurals
from recount.voice_company import DAY, at, home, message


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("The price is fair", "price", True),
        ("PRICES rose", "price", True),
        ("Overpriced", "price", False),
        ("priceless", "price", False),
        ("two crashes today", "crash", True),
        ("our agencies wait", "agency", True),
        ("no help-desk", "help desk", False),
        ("two help desks", "help desk", True),
        ("a bug.", "bug", True),
        ("debugged", "bug", False),
        ("", "bug", False),
        (None, "bug", False),
    ],
)
def test_a_keyword_is_a_whole_word_or_its_plural(text, word, found):
    assert has_word(text, (word,)) is found


def test_a_vowel_before_y_takes_an_s():
    assert "delays" in plurals("delay") and "delaies" not in plurals("delay")


def _answered(score, text="slow", sentiment="Positive", kind="NPS"):
    given = home()
    given.answers.append(Answer(at(DAY), DAY, "a", kind, None if score is None else Fraction(score), None))
    given.messages.append(message("survey_response:a", DAY, text, sentiment, "survey"))
    return {(one.channel, one.theme, one.polarity) for one in mentions(given)}


@pytest.mark.parametrize(
    ("score", "polarity"), [(7, "positive"), (6, "negative"), (10, "positive"), (0, "negative")]
)
def test_an_nps_comment_goes_by_its_score(score, polarity):
    assert _answered(score, sentiment="Neutral") == {("nps", "performance", polarity)}


def test_an_nps_comment_without_a_score_goes_by_its_sentiment():
    assert _answered(None, sentiment="Negative") == {("nps", "performance", "negative")}


def test_a_csat_comment_goes_by_its_sentiment():
    assert _answered(5, sentiment="Negative", kind="CSAT") == {("csat", "performance", "negative")}


def test_an_answer_of_another_survey_and_a_ticket():
    given = home()
    given.messages.append(message("survey_response:x", DAY, "slow", "Negative", "survey"))
    given.messages.append(message("ticket_comment:1", DAY, "slow", "Neutral"))
    found = [(one.channel, one.polarity) for one in mentions(given)]
    assert found == [("other survey", "negative"), ("ticket", "neutral")]


def test_one_message_has_several_themes_each_once_and_an_unscored_one_none():
    given = home()
    given.messages.append(message("ticket_comment:1", DAY, "slow and slow, and the price of it"))
    given.messages.append(message("ticket_comment:2", DAY, "slow", None))
    assert sorted(one.theme for one in mentions(given)) == ["performance", "price"]
