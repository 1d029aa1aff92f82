"""The checks that are Python: validations and the code that runs them, proofs, checks at the start."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path

from customer_success.code_hash import PACKAGE
from customer_success.proofs import CHECKS_AT_START, PROOFS

from .check import Check, simple

EXPECTATIONS = PACKAGE / "expectations"


def python_checks() -> list[Check]:
    """List validations, proofs and checks at the start; OSError where a file of one is missing."""
    # Imported here: Great Expectations takes seconds.
    from customer_success.expectations.suites import SUITES

    found = [_validation(suite.name, check) for suite in SUITES for check in suite.checks]
    found += [_function("proof", name, where) for name, where in PROOFS]
    found += [_function("start", name, where) for name, where in CHECKS_AT_START]
    carried_out_by = [EXPECTATIONS / name for name in ("check.py", "library.py", "run.py")]
    carried_out_by += (EXPECTATIONS / "evidence" / "prepare").glob("*.sql")
    return [*found, simple("code", "expectations", _texts(carried_out_by), file=str(EXPECTATIONS))]


def _validation(suite: str, check) -> Check:
    """Describe a validation: its expectation, its tolerance, and the SQL of its evidence."""
    if callable(check.evidence):
        evidence = Path(inspect.getsourcefile(check.evidence))
        name = check.evidence.__name__
    else:
        evidence, name = EXPECTATIONS / "evidence" / f"{check.evidence}.sql", check.evidence
    parts = ("kind", "parameters", "tolerance", "bounds", "needs")
    definition = {part: getattr(check, part) for part in parts}
    return simple(
        "validation",
        f"{suite}: {check.key}",
        definition | {"evidence": name, "text": evidence.read_text(encoding="utf-8")},
        severity="warn" if check.warns else "error",
        attached_to=check.target,
        file=_shown(evidence),
    )


def _function(kind: str, name: str, where: str) -> Check:
    """Describe a proof by the code of its package, or of its module where that is no package of its own."""
    module = PACKAGE.joinpath(*where.split(":")[0].split(".")[1:])
    file = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    files = [file]
    if file.parent != PACKAGE:
        files = [path for ending in ("py", "sql") for path in file.parent.rglob(f"*.{ending}")]
    return simple(kind, name, {"function": where, "code": _texts(files)}, file=_shown(file))


def _texts(files: Iterable[Path]) -> dict[str, str]:
    return {file.relative_to(PACKAGE).as_posix(): file.read_text(encoding="utf-8") for file in files}


def _shown(file: Path) -> str:
    return f"src/{file.relative_to(PACKAGE.parent).as_posix()}"
