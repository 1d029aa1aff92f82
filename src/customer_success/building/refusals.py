"""Why nothing can be built from a folder."""

from __future__ import annotations

from pathlib import Path

ENDINGS = (".parquet", ".csv", ".csv.gz")


class Refused(RuntimeError):
    """The build was not begun; the message is one line with the reason."""


def has_raw_files(folder: Path) -> bool:
    """Return whether a folder has a file at the path of a raw table: <source>/<table>.parquet or similar."""
    tables = (path for source in _folders(folder) for path in source.iterdir())
    return any(
        path.name.endswith(ENDINGS) if path.is_file() else any(path.glob("*.parquet")) for path in tables
    )


def raw_folder_problem(raw: str) -> str:
    """Return in one line why a folder has nothing to build from; an empty text where it has.

    An empty ``raw`` means that connectors land the raw tables: then there is no folder to check.
    """
    folder = Path(raw)
    if not raw or (folder.is_dir() and has_raw_files(folder)):
        return ""
    if folder.is_dir():
        return f"There is no raw table (<source>/<table>.parquet or .csv) in {raw}: is the disk mounted?"
    return f"There is no folder {raw}: is the path right, and the disk mounted?"


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()]
