"""Themes of comments: which themes a message mentions, and how it speaks of them.

Themes and keywords are those of seed ``complaint_themes``. A keyword is found as a whole word or phrase,
or in its plural, whatever its case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from .facts import Home
from .messages import Message
from .seeds import SEEDS, rows_of
from .surveys import nps_category

POLARITIES = {"Positive": "positive", "Negative": "negative", "Neutral": "neutral"}


class Mention(NamedTuple):
    """A message that mentions a theme."""

    message: Message
    channel: str
    theme: str
    polarity: str


@cache
def keywords() -> dict[str, tuple[str, ...]]:
    """Return the keywords of each theme."""
    found: dict[str, list[str]] = {}
    for row in rows_of(SEEDS / "feedback" / "complaint_themes.csv"):
        found.setdefault(row["theme"], []).append(row["keyword"])
    return {theme: tuple(words) for theme, words in found.items()}


def plurals(word: str) -> list[str]:
    """Return a word and its regular plurals."""
    forms = [word, f"{word}s", f"{word}es"]
    if re.search(r"[^aeiou]y$", word, re.IGNORECASE):
        forms.append(f"{word[:-1]}ies")
    return forms


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern:
    forms = sorted({form for word in words for form in plurals(word)}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)


def has_word(text: str | None, words: tuple[str, ...]) -> bool:
    """Return whether a text contains one of the words, or its plural, and not inside another word."""
    return bool(text) and bool(words) and _pattern(words).search(text) is not None


def mentions(home: Home) -> Iterator[Mention]:
    """Yield each scored message of a household with each theme that it mentions."""
    surveys = {f"survey_response:{answer.id}": answer for answer in home.answers}
    for message in home.messages:
        if message.compound is None:
            continue
        answer = surveys.get(message.id)
        channel = "ticket" if message.channel == "ticket" else "other survey"
        polarity = POLARITIES[message.sentiment]
        if answer is not None:
            channel = answer.kind.lower()
            if answer.kind == "NPS" and answer.score is not None:
                polarity = "negative" if nps_category(answer.score, home.rules) == "Detractor" else "positive"
        for theme, words in keywords().items():
            if has_word(message.text, words):
                yield Mention(message, channel, theme, polarity)
