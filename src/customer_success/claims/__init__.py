"""Claims that people make about metrics and models, and the verdict of the data on each.

`read_claims`, then `verdicts_on`. Pure functions of their arguments: no files, no clock, seeded.
"""

from .claim import Claim, MalformedClaim, read_claims
from .deck import COLUMNS, verdicts_on
from .evidence import Contradiction, Data
from .households import household_reader, is_total
from .periods import Period, resolve
from .verdicts import INSUFFICIENT, REFUTED, SUPPORTED, Finding, decide

__all__ = [
    "COLUMNS",
    "INSUFFICIENT",
    "REFUTED",
    "SUPPORTED",
    "Claim",
    "Contradiction",
    "Data",
    "Finding",
    "MalformedClaim",
    "Period",
    "decide",
    "household_reader",
    "is_total",
    "read_claims",
    "resolve",
    "verdicts_on",
]
