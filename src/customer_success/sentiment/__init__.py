"""Sentiment of what customers write: a local lexicon model, so that no text leaves the machine."""

from .lexicon import Lexicon
from .score import COLUMNS, MODEL_NAME, score_messages

__all__ = ["COLUMNS", "MODEL_NAME", "Lexicon", "score_messages"]
