"""The locked list of checks: those that a build must pass, with their settings, before its publication.

`dbt_checks` and `python_checks` list the checks that the project has, `lock` compares them with
`tests/checks.csv`, `ledger` compares that file with the checks of earlier publications, and `proof` lists
what a build lacks. ``python -m customer_success.checks`` checks the lock or adds to it, without a build.
"""

from .ledger import record_locked
from .lock import LOCK, Locked, read_lock
from .proof import prove, unanswered

__all__ = ["LOCK", "Locked", "prove", "read_lock", "record_locked", "unanswered"]
