"""What customers wrote, and its sentiment, scored here a second time.

VADER is the same library as the project's; the rules on its number are written again. The lists of words
are the project's seeds, because the specification names no words. The caller gives the language.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from .seeds import SEEDS
from .sifting import Staged
from .staff import staff
from .values import day_number

ENGLISH = "english"
POSITIVE = Fraction(5, 100)


class Message(NamedTuple):
    """A public ticket comment or a survey comment by a customer; unscored: a compound of None."""

    id: str
    household: str
    channel: str
    at: pd.Timestamp
    day: int
    text: str | None
    compound: Fraction | None
    sentiment: str | None
    frustration: int | None
    emotions: tuple[str, ...] | None
    complaint: str | None
    unscored: str | None


@cache
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@cache
def _lists(seed: str, name: str, word: str) -> dict[str, tuple[str, ...]]:
    """Read the words of each list, the lists in the order of the file."""
    found: dict[str, list[str]] = {}
    with (SEEDS / "feedback" / f"{seed}.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.setdefault(row[name], []).append(row[word])
    return {key: tuple(words) for key, words in found.items()}


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern:
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def times(text: str, words: tuple[str, ...]) -> int:
    """Count how often words of a list occur in a text, each place once ('value for money' is no money)."""
    return len(_pattern(words).findall(text))


def score(text: str) -> dict:
    """Score an English text: compound and the values that follow from it."""
    compound = Fraction(repr(_vader().polarity_scores(text)["compound"]))
    sentiment = "Positive" if compound >= POSITIVE else "Negative" if compound <= -POSITIVE else "Neutral"
    feelings = _lists("emotion_words", "emotion", "word")
    emotions = tuple(sorted(name for name, words in feelings.items() if times(text, words)))
    exact = 1 + 9 * max(Fraction(0), -compound)
    whole = int((Decimal(exact.numerator) / exact.denominator).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    complaint = None
    if sentiment == "Negative":
        themes = _lists("complaint_themes", "theme", "keyword")
        counts = {theme: times(text, words) for theme, words in themes.items()}
        most = max(counts.values())
        complaint = next(theme for theme, n in counts.items() if n == most) if most else None
    return {
        "compound": compound,
        "sentiment": sentiment,
        "frustration": min(10, whole + (2 if "frustration" in emotions else 0)),
        "emotions": emotions,
        "complaint": complaint,
        "unscored": None,
    }


UNSCORED = dict.fromkeys(["compound", "sentiment", "frustration", "emotions", "complaint"])


def sentiment_of(text: str | None, language: str) -> dict:
    """Score a text, or give the reason why it has no score."""
    if text is None or not text.strip():
        return UNSCORED | {"unscored": "no_text"}
    return score(text) if language == ENGLISH else UNSCORED | {"unscored": "other_language"}


def texts(staged: Staged, wanted: set[str]) -> list[tuple[str, str, str, pd.Timestamp, str | None]]:
    """List the messages of the wanted households: (id, household, channel, moment, text)."""
    comments = staged["zendesk.ticket_comment"]
    comments = comments[(comments["public"] == True) & ~comments["user_id"].isin(staff(staged))]  # noqa: E712
    replies = staged["survey.response"]
    replies = replies[replies["comment"].fillna("").str.strip() != ""]  # an answer without a word
    sources = (
        ("ticket_comment", "ticket", comments, "created", "body"),
        ("survey_response", "survey", replies, "responded_at", "comment"),
    )
    found = []
    for source, channel, rows, moment, words in sources:
        rows = rows[rows["household_id"].isin(wanted)]
        columns = (rows[column].tolist() for column in ("id", "household_id", moment, words))
        found += [
            (f"{source}:{name}", home, channel, at, text)
            for name, home, at, text in zip(*columns, strict=True)
        ]
    return found


def read(staged: Staged, wanted: set[str], languages: Mapping[str, str]) -> list[Message]:
    """Score the messages of the wanted households."""
    out = [
        Message(
            key, home, channel, at, day_number(at), text, **sentiment_of(text, languages.get(key) or ENGLISH)
        )
        for key, home, channel, at, text in texts(staged, wanted)
    ]
    return sorted(out, key=lambda message: (message.at, message.id))
