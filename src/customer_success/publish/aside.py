"""Moves a damaged version away, with the reason; the next build publishes again."""

from __future__ import annotations

from pathlib import Path

from .locking import lock
from .places import RESTRICTED, Places
from .remembered import last_publication
from .verify import verify

DAMAGED = ".damaged"


class NothingToSetAside(ValueError):
    """Readers see what was published, or no version."""


def set_aside(places: Places, ledger: Path, reason: str) -> Path:
    """Move what readers see to `versions/<number>.damaged` and return that folder.

    It stays there as evidence, with the reason and what `verify` found, until an operator removes it;
    personal data do not stay. Readers see nothing until the next publication. Raises `NothingToSetAside`,
    ValueError where ``reason`` is empty, duckdb.Error where the ledger cannot be read, and `locking.Busy` if
    a build is publishing.
    """
    if not reason.strip():
        raise ValueError("Give a --reason: why the published version is moved away.")
    with lock(places.versions / ".lock", "A build is publishing to the same folder"):
        last_publication(places, ledger)  # raises if the ledger is unreadable
        found = verify(places, ledger)
        if found.is_gone or not found.differences:
            raise NothingToSetAside(found.message or found.differences[0])
        aside = _new_folder(places)
        _take_away(places.current, aside)
        for path in (places.analytics, places.parquet, places.restricted):
            _take_away(path, aside)
        (aside / "reason.txt").write_text("\n".join([reason, *found.differences, ""]), encoding="utf-8")
        for file in aside.rglob(RESTRICTED + "*"):
            file.unlink()
    return aside


def _new_folder(places: Places) -> Path:
    """Return the folder of the moved version: the version that readers see, or an empty one."""
    version = places.current.resolve()
    names = (int(path.name.split(".")[0]) for path in places.versions.iterdir() if path.name[:1].isdigit())
    if places.current.is_symlink() and version.parent == places.versions.resolve() and version.is_dir():
        return version.rename(version.with_name(version.name + DAMAGED))
    aside = places.versions / f"{1 + max(names, default=0):06d}{DAMAGED}"
    aside.mkdir()
    return aside


def _take_away(path: Path, aside: Path) -> None:
    """Remove a link; move a file or a folder."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        path.rename(aside / f"readers_{path.name}")
