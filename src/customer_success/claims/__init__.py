"""Claims that people make about metrics and models, and the verdict of the data on each.

`read_claims`, then `judge_claims`. Pure functions of their arguments: no files, no clock, seeded.
"""

from .claim import Claim, MalformedClaim, read_claims
from .evidence import COLUMNS, Data, judge_claims
from .periods import Period, resolve
from .verdicts import INSUFFICIENT, REFUTED, SUPPORTED, Finding, judge

__all__ = [
    "COLUMNS",
    "INSUFFICIENT",
    "REFUTED",
    "SUPPORTED",
    "Claim",
    "Data",
    "Finding",
    "MalformedClaim",
    "Period",
    "judge",
    "judge_claims",
    "read_claims",
    "resolve",
]
