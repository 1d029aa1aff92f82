"""``python -m customer_success.health.what_if``: what other weights or bands would change, before they ship.

The scores of all customers and score dates are computed again from the stored scores of the parts, by the
rule of the project (macros ``weighted_score`` and ``rounded_score``): with the present weights, which has to
give the stored scores, and with the proposed ones. Shown are how many customers change band, and how well
either ranks who leaves. The database is opened read-only.
"""

from .command import main
from .comparison import PRESENT, PROPOSED, WhatIf, compare, score_sql
from .files import read_bands, read_weights
from .refusal import Refusal
from .scorecards import Scorecard, present_scorecards, proposed_scorecards
from .screen import POPULATIONS, figure, show, verdict
from .settings import Settings

__all__ = [
    "POPULATIONS",
    "PRESENT",
    "PROPOSED",
    "Refusal",
    "Scorecard",
    "Settings",
    "WhatIf",
    "compare",
    "figure",
    "main",
    "present_scorecards",
    "proposed_scorecards",
    "read_bands",
    "read_weights",
    "score_sql",
    "show",
    "verdict",
]
