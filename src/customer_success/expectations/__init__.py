"""Validations of a build: Great Expectations compares the marts with figures from an independent computation.

The marts are compared with raw data and staging, by SQL and Python that share no code with the
models: no macro and no intermediate table. Only the values of tunable rules are shared: the vars that the
build noted (`build.parameters`) and the seeds of rules. Scores are recounted by `customer_success.recount`,
which has their formula a second time. `suites` lists what is compared, `library` has the expectations of
the domain, `run` carries them out and writes results and pages.
"""

from .check import Check, Result, Suite
from .run import validate

__all__ = ["Check", "Result", "Suite", "validate"]
