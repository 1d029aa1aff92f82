"""What a planted lie is: a text of the project that is replaced, and the check that must turn red."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from customer_success.proofs import PROOFS


@dataclass(frozen=True)
class Lie:
    """`honest` stands exactly once in `file` of the project and is replaced by `told`.

    `check` is the name of a dbt test of data, of a proof (`customer_success.proofs`) or of a Python test
    (`file.py::test`, below tests/python). For the first two `rebuild` names the models that carry the lie to
    it; `full` builds incremental ones anew; `data` is SQL that brings the copied database into the state in
    which it matters.
    """

    name: str
    file: str
    honest: str
    told: str
    check: str
    rebuild: str = ""
    full: bool = False
    data: str = ""

    @property
    def is_of_package(self) -> bool:
        """Whether the lie stands in the Python package and a Python test must find it."""
        return "::" in self.check

    @property
    def is_of_proofs(self) -> bool:
        """Whether a proof of the build command must find it."""
        return self.check in dict(PROOFS)

    def plant(self, folder: Path) -> None:
        """Replace the text in a copy of the project. ValueError where it is not there exactly once."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.honest) != 1:
            raise ValueError(f"{self.name}: {self.file} has {self.honest!r} {text.count(self.honest)} times")
        path.unlink()
        path.write_text(text.replace(self.honest, self.told), encoding="utf-8")
