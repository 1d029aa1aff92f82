"""Claims that people make about metrics and models, and the verdict of the data on each.

`read_claims`, then `judge_claims`. Pure functions of their arguments: no files, no clock, seeded.
"""

from .claim import Claim, MalformedClaim, read_claims
from .deck import COLUMNS, judge_claims
from .evidence import Contradiction, Data
from .households import household_reader, is_total
from .periods import Period, resolve
from .verdicts import INSUFFICIENT, REFUTED, SUPPORTED, Finding, judge

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
    "household_reader",
    "is_total",
    "judge",
    "judge_claims",
    "read_claims",
    "resolve",
]
