"""``python -m customer_success.health.what_if``: effect of other weights or bands, before their release.

The scores of all customers and score dates are computed again from the stored scores of the parts, by the SQL
that the project's macros write (``weighted_score``, ``rounded_score``, ``band_of``): with the present
weights, which must give the stored scores, and with the proposed ones. The output shows how many customers
change band, and how well either scorecard ranks the customers who leave. The database is opened read-only.
"""

from .command import main
from .comparison import PRESENT, PROPOSED, WhatIf, compare
from .files import read_bands, read_weights
from .project_sql import ProjectSql
from .refusal import Refusal
from .scorecards import Scorecard, present_scorecards, proposed_scorecards
from .screen import POPULATIONS, figure, show, verdict
from .settings import Settings

__all__ = [
    "POPULATIONS",
    "PRESENT",
    "PROPOSED",
    "ProjectSql",
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
    "show",
    "verdict",
]
