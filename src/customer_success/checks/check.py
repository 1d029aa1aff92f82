"""What the lock records of a check."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields

# Where a check of a kind must have passed: in the build that is published, or (unit tests could be) in CI.
REQUIRED_IN = {
    "data_test": "build",
    # The same on every data set: the test suite runs them whenever the code changes.
    "unit_test": "ci",
    "hook": "build",
    "contract": "build",
    "override": "build",
    "validation": "build",
    "proof": "build",
    "start": "build",
    "code": "build",
}


@dataclass(frozen=True)
class Check:
    """One check of the project.

    ``kind`` is one of `REQUIRED_IN`, ``name`` unique within it. ``where`` to ``fail_calc`` are those of dbt's
    data tests, empty for others. ``attached_to`` is the model, seed or table it looks at. ``definition_hash``
    is the SHA-256 of what makes it fail or pass. ``file`` is where to look; it is not part of the lock.
    """

    kind: str
    name: str
    required_in: str
    enabled: bool
    severity: str
    where: str
    limit: str
    error_if: str
    warn_if: str
    fail_calc: str
    attached_to: str
    definition_hash: str
    file: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.name


COMPARED = tuple(one.name for one in fields(Check) if one.name not in {"kind", "name", "file"})


def simple(kind: str, name: str, definition: object, **more: object) -> Check:
    """Make a check that has no severity, filter or condition of its own."""
    values = dict.fromkeys(("where", "limit", "error_if", "warn_if", "fail_calc", "attached_to"), "")
    values |= {"enabled": True, "severity": "error"} | more
    return Check(
        kind=kind, name=name, required_in=REQUIRED_IN[kind], definition_hash=digest(definition), **values
    )


def digest(definition: object) -> str:
    """Return the SHA-256 of a definition, independent of the order of its parts."""
    text = json.dumps(definition, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
