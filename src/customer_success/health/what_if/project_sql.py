"""The SQL of scores and bands, written by the project's own macros from any weights and bands.

The files in `macros` are rendered by Jinja as dbt renders them. Only their calls of dbt are replaced here:
vars, the rows of a seed, and `return`. So only the macros contain the formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import jinja2

MACROS = Path(__file__).resolve().parents[4] / "macros"

RowsOf = Callable[[str, str, str], list[Mapping[str, object]]]


class _Returned(Exception):
    """Carries what a macro returns, as in dbt: `return` ends the macro with a value of any type."""

    def __init__(self, value: object) -> None:
        self.value = value


class ProjectSql:
    """Writes SQL by the macros of the project.

    ``variables`` are the vars of the build, ``rows_of`` replaces the macro `rule_rows`: it returns the rows
    of a seed that meet an SQL condition, in an order.
    """

    def __init__(self, variables: Mapping[str, object], rows_of: RowsOf, macros: Path = MACROS) -> None:
        files = {file.stem: file for file in macros.rglob("*.sql")}
        self._environment = jinja2.Environment(
            extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined, autoescape=False
        )
        self._environment.globals |= {name: partial(self._call, name, file) for name, file in files.items()}

        def rule_rows(seed: str, where: str = "true", order_by: str = "rule_order") -> list:
            return rows_of(seed, where, order_by)

        self._environment.globals |= {"var": variables.__getitem__, "return": _return, "rule_rows": rule_rows}

    def score(self, model: str) -> str:
        """SQL of the published score (0-100 or null) over columns named like the parts of a scorecard."""
        weighted = self._macro("weighted_score", model)
        return self._macro("rounded_score", weighted["score"], weighted["known"])

    def band(self, model: str, score: str) -> str:
        """SQL of the band in which a rounded score lies; null for an unknown score."""
        return self._macro("band_of", model, score)

    def _macro(self, name: str, *arguments: object):
        return self._environment.globals[name](*arguments)

    def _call(self, name: str, file: Path, *arguments: object, **named: object):
        template = self._environment.from_string(file.read_text(encoding="utf-8"))
        try:
            return str(getattr(template.module, name)(*arguments, **named))
        except _Returned as returned:
            return returned.value


def _return(value: object) -> None:
    raise _Returned(value)
