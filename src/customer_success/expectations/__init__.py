"""Validations of a build: Great Expectations held against figures that were computed on a path of their own.

The marts are compared with what raw data and staging say, by SQL and Python that share nothing with the
models: no macro, no intermediate table, rules written down a second time. `suites` says what is compared,
`library` has the expectations of the domain, `run` carries them out and writes results and pages.
"""

from .check import Check, Result, Suite
from .run import validate

__all__ = ["Check", "Result", "Suite", "validate"]
