"""Vars and seeds of the project, read from its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Project:
    """The folder of the dbt project and the vars that hold: those of the project, then those given."""

    folder: Path
    variables: dict[str, object]

    def seed(self, name: str) -> tuple[list[str], list[dict[str, str]]] | None:
        """Return header and rows of a seed in ``seeds/rules``; None where there is none of that name."""
        file = self.seed_file(name)
        if file is None:
            return None
        with file.open(encoding="utf-8", newline="") as content:
            reader = csv.DictReader(content)
            rows = list(reader)
        return list(reader.fieldnames or ()), rows

    def seed_file(self, name: str) -> Path | None:
        """Return the file of a seed, None where there is none of that name."""
        return next(iter(sorted((self.folder / "seeds" / "rules").rglob(f"{name}.csv"))), None)

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        """Return a var that is a list or one text, as texts."""
        value = self.variables.get(name, default)
        values = value if isinstance(value, (list, tuple)) else [value]
        return [str(word) for word in values if word is not None]


@dataclass(frozen=True)
class SeedLine:
    """A line to add to a seed; what only the company knows stands in angle brackets."""

    seed: str
    file: str
    header: str
    line: str


def read_project(folder: Path, given: Mapping[str, object]) -> Project:
    """Read ``dbt_project.yml``; raises ``FileNotFoundError`` where there is none."""
    declared = yaml.safe_load((folder / "dbt_project.yml").read_text(encoding="utf-8")) or {}
    return Project(folder, {**(declared.get("vars") or {}), **given})


def seed_line(project: Project, seed: str, values: Mapping[str, str]) -> SeedLine | None:
    """Return the line for a seed with these values; None where the project has no such seed."""
    found, file = project.seed(seed), project.seed_file(seed)
    if found is None or file is None:
        return None
    header = found[0]
    cells = [
        values.get(column, f"<{column}>" if column in ("plan_type", "plan_rank", "plan") else "")
        for column in header
    ]
    return SeedLine(seed, file.relative_to(project.folder).as_posix(), _csv(header), _csv(cells))


def _csv(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
