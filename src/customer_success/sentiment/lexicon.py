"""The words and themes that the rules name, and the version of the model that they make."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

import pandas as pd

FRUSTRATION = "frustration"
_CODE = 1  # raised when the rules of ``score`` change, so that all messages are scored again


@dataclass(frozen=True)
class Lexicon:
    """Words by emotion and keywords by theme, themes in the order in which ties are decided.

    ``version`` names the code, VADER's release and the lists: each change of a score changes it.
    """

    emotions: Mapping[str, tuple[str, ...]]
    themes: Mapping[str, tuple[str, ...]]
    version: str = field(init=False)

    def __post_init__(self) -> None:
        if FRUSTRATION not in self.emotions:
            raise ValueError(f"the list of emotion words has no {FRUSTRATION!r}, which scores build on")
        lists = json.dumps([dict(self.emotions), dict(self.themes)], sort_keys=True)
        digest = hashlib.sha256(lists.encode()).hexdigest()[:8]
        object.__setattr__(self, "version", f"{_CODE}-vader-{version('vaderSentiment')}-{digest}")

    @classmethod
    def from_rules(cls, emotion_words: pd.DataFrame, complaint_themes: pd.DataFrame) -> Lexicon:
        """Read the seeds: columns emotion, word; theme, rule_order, keyword."""
        themes = complaint_themes.sort_values(["rule_order", "keyword"])
        return cls(
            emotions=_lists(emotion_words.sort_values(["emotion", "word"]), "emotion", "word"),
            themes=_lists(themes, "theme", "keyword"),
        )


def counts(text: str, lists: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Count how often words of each list occur in a text, as whole words, in any case."""
    return {name: len(_pattern(words).findall(text)) for name, words in lists.items()}


_PATTERNS: dict[tuple[str, ...], re.Pattern[str]] = {}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    if words not in _PATTERNS:
        longest_first = sorted(words, key=len, reverse=True)
        _PATTERNS[words] = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
    return _PATTERNS[words]


def _lists(rows: pd.DataFrame, name: str, word: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(part[word]) for key, part in rows.groupby(name, sort=False)}
