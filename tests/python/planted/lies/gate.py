"""Lies by blinding: a check that is switched off, softened, filtered or removed."""

from __future__ import annotations

from pathlib import Path

from ..lie import Do, Lie, Replace

KIND = "gate"
CHECK = "locked checks"
PROJECT = "dbt_project.yml"
MODELS = "models:\n  customer_success:\n"


def _project(name: str, setting: str) -> Lie:
    return Lie(
        name,
        KIND,
        (Replace(PROJECT, MODELS, f"data_tests:\n  customer_success:\n    {setting}\n\n{MODELS}"),),
        CHECK,
    )


def _deleted(path: str) -> Do:
    return Do(Path(path).name, lambda folder: (folder / path).unlink())


LIES = [
    _project("All tests only warn", "+severity: warn"),
    _project("All tests look at no rows", '+where: "false"'),
    _project("All tests stop at the first row", "+limit: 1"),
    _project("All tests are disabled", "+enabled: false"),
    Lie(
        "A test is deleted",
        KIND,
        (_deleted("tests/singular/quality/assert_no_raw_rows_are_lost.sql"),),
        CHECK,
    ),
    Lie(
        "A test finds nothing on any data",
        KIND,
        (
            Replace(
                "tests/singular/billing/assert_mrr_movements_add_up.sql",
                "where",
                "where false and",
            ),
        ),
        CHECK,
    ),
    Lie(
        "A validation only warns",
        KIND,
        (
            Replace(
                "src/customer_success/expectations/suites/nps.py",
                "            tolerance=1e-9,\n",
                "            tolerance=1e-9,\n            warns=True,\n",
            ),
        ),
        CHECK,
    ),
    Lie(
        "A proof is left out of the build",
        KIND,
        (
            Replace(
                "src/customer_success/proofs.py",
                "PROOFS: tuple[tuple[str, str], ...] = (",
                "PROOFS: tuple[tuple[str, str], ...] = ()\nOTHERS = (",
            ),
        ),
        CHECK,
    ),
    Lie(
        "Contracts are switched off",
        KIND,
        (
            Replace(
                PROJECT,
                "enforced: \"{{ env_var('CS_CONTRACTS', 'true') == 'true' }}\"",
                "enforced: false",
            ),
        ),
        CHECK,
    ),
]
