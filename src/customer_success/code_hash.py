"""Hash of the code that made a result: a kept result is valid only for the same code."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parent
LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn")


@cache
def code_hash(*folders: str) -> str:
    """Return a hash of the modules in these folders of the package, and of the libraries' versions.

    Folders within a folder do not count. FileNotFoundError where one has no module.
    """
    found = hashlib.sha256(" ".join(map(version, LIBRARIES)).encode())
    for folder in folders:
        modules = sorted((PACKAGE / folder).glob("*.py"))
        if not modules:
            raise FileNotFoundError(f"no module in {PACKAGE / folder}")
        for module in modules:
            found.update(module.relative_to(PACKAGE).as_posix().encode() + module.read_bytes())
    return found.hexdigest()
