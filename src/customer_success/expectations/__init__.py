"""Validations of a build: Great Expectations held against figures that were computed on a path of their own.

The marts are compared with what raw data and staging say, by SQL and Python that share no code with the
models: no macro and no intermediate table. Only the values of tunable rules are shared: the vars that the
build noted (`build.parameters`) and the seeds of rules. Scores are recounted by `customer_success.recount`,
where their formula stands a second time. `suites` says what is compared, `library` has the expectations of
the domain, `run` carries them out and writes results and pages.
"""

from .check import Check, Result, Suite
from .run import validate

__all__ = ["Check", "Result", "Suite", "validate"]
