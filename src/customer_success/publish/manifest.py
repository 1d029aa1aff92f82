"""The manifest of a published version: `publication.json`, with the hash of every other file of its folder.

Files cannot prove their own integrity, so the manifest is next to them, and the hash of the manifest is kept
outside of the published folder, in the ledger (`remembered`).
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from .hashes import file_hash, table_hashes
from .places import ANALYTICS, RESTRICTED

MANIFEST = "publication.json"
SPILLED = ".duckdb.tmp"  # where DuckDB spills what does not fit into a reader's memory


def write_manifest(folder: Path, version: str, publication: dict) -> Path:
    """Hash the files in ``folder``, write its manifest and return the manifest's path.

    ``version`` is the name that the folder will have, ``publication`` the row of the table of that name.
    """
    manifest = {
        "version": version,
        "publication": {name: str(value) for name, value in publication.items()},
        "duckdb": duckdb.__version__,
        "files": {name: file_hash(folder / name) for name in files_of(folder)},
        "tables": {
            name: {table: list(found) for table, found in table_hashes(folder / name).items()}
            for name in (ANALYTICS, RESTRICTED)
        },
    }
    file = folder / MANIFEST
    file.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return file


def read_manifest(folder: Path) -> dict:
    """Return the manifest of a version; OSError where there is none, ValueError where it is no JSON."""
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def files_of(folder: Path) -> list[str]:
    """List all files of a version but its manifest, as paths within the folder; links count as files."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(
        path.as_posix()
        for path in paths
        if path.as_posix() != MANIFEST and not any(part.endswith(SPILLED) for part in path.parts)
    )
