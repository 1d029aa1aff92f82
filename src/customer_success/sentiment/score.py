"""Score messages: VADER's compound, emotions, frustration and the subject of complaints."""

from __future__ import annotations

import math

import pyarrow as pa
from lingua import Language, LanguageDetectorBuilder
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from .lexicon import FRUSTRATION, Lexicon, counts

MODEL_NAME = "vader"
NO_TEXT = "no_text"
OTHER_LANGUAGE = "other_language"
POSITIVE_FROM, NEGATIVE_FROM = 0.05, -0.05  # the thresholds of VADER's authors
SURE, HARDLY = 0.9, 0.05  # a text is in another language only where the detector is sure of it
LANGUAGES = (
    *("ENGLISH", "GERMAN", "FRENCH", "SPANISH", "ITALIAN", "PORTUGUESE", "DUTCH", "POLISH", "SWEDISH"),
    *("DANISH", "TURKISH", "RUSSIAN", "UKRAINIAN", "ARABIC", "CHINESE", "JAPANESE", "KOREAN", "HINDI"),
)
COLUMNS = pa.schema(
    [
        ("message_id", pa.string()),
        ("text_hash", pa.string()),
        ("sentiment", pa.string()),
        ("compound", pa.float64()),
        ("frustration_score", pa.int32()),
        ("emotions", pa.list_(pa.string())),
        ("primary_complaint", pa.string()),
        ("language", pa.string()),
        ("unscored_reason", pa.string()),
        ("model_name", pa.string()),
        ("model_version", pa.string()),
    ]
)
_UNSCORED = dict.fromkeys(("sentiment", "compound", "frustration_score", "emotions", "primary_complaint"))


def score_messages(messages: pa.Table, lexicon: Lexicon) -> pa.Table:
    """Return a row per message with the columns of ``COLUMNS``, in the order given.

    ``messages``: columns message_id, text_hash, message_text (null or blank: unscored). Equal texts are
    scored once. ``compound`` lies in -1…1; Positive from .05, Negative from -.05 on (Hutto and Gilbert 2014).
    ``frustration_score`` 1…10 is 1 + 9 × the negative part of compound, rounded half up, and 2 more where a
    word of frustration occurs. A text in another language than English is unscored, never neutral: VADER
    scores no other. ``primary_complaint`` is the theme that a Negative text mentions most; on a tie the one
    that the rules name first.
    """
    texts = messages.column("message_text").to_pylist()
    distinct = sorted({text for text in texts if text and text.strip()})
    scored = dict(zip(distinct, _score(distinct, lexicon), strict=True))
    nothing = {**_UNSCORED, "language": None, "unscored_reason": NO_TEXT}
    rows = [scored.get(text, nothing) for text in texts]
    columns = {name: [row[name] for row in rows] for name in nothing}
    columns |= {
        "message_id": messages.column("message_id"),
        "text_hash": messages.column("text_hash"),
        "model_name": [MODEL_NAME] * len(rows),
        "model_version": [lexicon.version] * len(rows),
    }
    return pa.table(
        [
            pa.array(columns[field.name], field.type)
            if isinstance(columns[field.name], list)
            else columns[field.name]
            for field in COLUMNS
        ],
        schema=COLUMNS,
    )


def _score(texts: list[str], lexicon: Lexicon) -> list[dict[str, object]]:
    analyzer = SentimentIntensityAnalyzer()
    scored = []
    for text, language in zip(texts, _languages(texts), strict=True):
        if language != "ENGLISH":
            scored.append({**_UNSCORED, "language": language.lower(), "unscored_reason": OTHER_LANGUAGE})
            continue
        compound = analyzer.polarity_scores(text)["compound"]
        sentiment = _sentiment(compound)
        emotions = counts(text, lexicon.emotions)
        scored.append(
            {
                "sentiment": sentiment,
                "compound": compound,
                "frustration_score": frustration_score(compound, emotions[FRUSTRATION] > 0),
                "emotions": sorted(name for name, count in emotions.items() if count),
                "primary_complaint": _complaint(text, lexicon) if sentiment == "Negative" else None,
                "language": "english",
                "unscored_reason": None,
            }
        )
    return scored


def frustration_score(compound: float, is_frustrated: bool) -> int:
    """Return 1…10 from a compound of -1…1 and whether a word of frustration occurs."""
    base = math.floor(1 + 9 * max(0.0, -compound) + 0.5)
    return min(10, base + 2 * is_frustrated)


def _sentiment(compound: float) -> str:
    if compound >= POSITIVE_FROM:
        return "Positive"
    return "Negative" if compound <= NEGATIVE_FROM else "Neutral"


def _complaint(text: str, lexicon: Lexicon) -> str | None:
    mentioned = counts(text, lexicon.themes)
    most = max(mentioned, key=mentioned.get, default=None)
    return most if most and mentioned[most] else None


def _languages(texts: list[str]) -> list[str]:
    """Return the language of each text; English unless the detector is sure of another."""
    if not texts:
        return []
    languages = [getattr(Language, name) for name in LANGUAGES]
    detector = LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
    found = []
    for values in detector.compute_language_confidence_values_in_parallel(texts):
        best = values[0]
        english = next(value.value for value in values if value.language == Language.ENGLISH)
        found.append(best.language.name if best.value >= SURE and english <= HARDLY else "ENGLISH")
    return found
