"""The sentiment of messages: by hand, at the bounds, and outside the lexicon."""

from __future__ import annotations

import pyarrow as pa
import pytest

from customer_success.sentiment import COLUMNS, Lexicon, score_messages
from customer_success.sentiment.score import frustration_score

LEXICON = Lexicon(
    emotions={"frustration": ("frustrated", "fed up"), "gratitude": ("thanks",)},
    themes={"price": ("price", "expensive"), "reliability": ("crash", "login")},
)


def scored(*texts: str | None) -> list[dict]:
    """Score texts under the ids 0, 1, …"""
    ids = [str(number) for number in range(len(texts))]
    table = pa.table({"message_id": ids, "text_hash": ids, "message_text": pa.array(texts, pa.string())})
    result = score_messages(table, LEXICON)
    assert result.schema == COLUMNS
    assert result.column("message_id").to_pylist() == ids
    return result.to_pylist()


def test_tone_emotions_and_complaint():
    angry, happy, plain = scored(
        "I am really frustrated, every login ends in a crash, and the price is terrible",
        "This is wonderful, thanks!",
        "We have two cats and a dog at home.",
    )
    assert angry["sentiment"] == "Negative" and angry["emotions"] == ["frustration"]
    assert angry["primary_complaint"] == "reliability"  # two words against one
    assert angry["frustration_score"] == frustration_score(angry["compound"], True)
    assert happy["sentiment"] == "Positive" and happy["emotions"] == ["gratitude"]
    assert happy["primary_complaint"] is None and happy["frustration_score"] == 1
    assert plain["sentiment"] == "Neutral" and plain["compound"] == 0


@pytest.mark.parametrize(
    ("compound", "frustrated", "expected"),
    [(0.9, False, 1), (0.9, True, 3), (0.0, False, 1), (-0.05, False, 1), (-0.06, False, 2), (-0.5, False, 6),
     (-1.0, False, 10), (-0.8, True, 10), (-1.0, True, 10)],
)  # fmt: skip
def test_frustration_is_1_to_10(compound, frustrated, expected):
    assert frustration_score(compound, frustrated) == expected


def test_a_tie_goes_to_the_theme_named_first():
    (row,) = scored("The price is awful and the crash is awful too, I hate this")
    assert row["primary_complaint"] == "price"


def test_words_are_whole_words():
    (row,) = scored("I hate it, how priceless and crashing")
    assert row["primary_complaint"] is None


@pytest.mark.parametrize(
    "text",
    [
        "Die App stürzt ständig ab, ich bin sehr enttäuscht von dem Kundendienst.",
        "El servicio es muy malo y la aplicación no funciona desde hace una semana.",
        "ペットの写真を追加する方法を教えてください。",
    ],
)
def test_another_language_is_unscored_never_neutral(text):
    (row,) = scored(text)
    assert row["unscored_reason"] == "other_language" and row["language"] != "english"
    assert row["sentiment"] is None and row["compound"] is None and row["frustration_score"] is None


@pytest.mark.parametrize("text", [None, "", "   ", "\n\t"])
def test_no_text_is_unscored(text):
    (row,) = scored(text)
    assert row["unscored_reason"] == "no_text" and row["sentiment"] is None


def test_short_english_is_scored():
    for row in scored("Great app!", "ok", "Photo sharing is excellent and easy to use."):
        assert row["unscored_reason"] is None, row


def test_nothing_to_score():
    assert scored() == []


def test_the_version_changes_with_the_lists():
    other = Lexicon(emotions=LEXICON.emotions, themes={"price": ("price",)})
    assert other.version != LEXICON.version
    assert Lexicon(emotions=LEXICON.emotions, themes=LEXICON.themes).version == LEXICON.version


def test_a_lexicon_without_frustration_is_refused():
    with pytest.raises(ValueError, match="frustration"):
        Lexicon(emotions={"anger": ("angry",)}, themes={})
