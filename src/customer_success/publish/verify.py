"""Whether readers still see what was published: links, files and their hashes, against the ledger.

The ledger has the hash of the version's manifest, the manifest those of its files. A file is hashed whole, so
that a changed value, comment or byte is seen; no table is read unless a DuckDB file differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from .gate import Problem
from .hashes import file_hash, table_hashes
from .manifest import MANIFEST, files_of, read_manifest
from .places import Places
from .remembered import Remembered, last_publication

SHOWN = 4  # differences that one message names
WAY_OUT = (
    "To remove it, move it aside with a reason: python -m customer_success.publish set-aside --reason '…'."
    " The next build then publishes again."
)


@dataclass(frozen=True)
class Verdict:
    """The differences from what was published, one sentence each; ``message`` is the line without any.

    ``is_gone``: the ledger remembers a publication and the folder has none, so that readers see nothing.
    ``is_known`` is false where the ledger cannot be read: the published files may be correct.
    """

    differences: tuple[str, ...]
    message: str = ""
    is_gone: bool = False
    is_known: bool = True


def verify(places: Places, ledger: Path) -> Verdict:
    """Compare what readers see with what was published last. Reads only; never raises for what it finds."""
    try:
        last = last_publication(places, ledger)
    except duckdb.Error as problem:
        return Verdict((f"The ledger {ledger} cannot be read: {problem}",), is_known=False)
    readers = (places.analytics, places.parquet, places.restricted)
    if not places.current.is_symlink() and not any(path.exists() for path in (places.current, *readers)):
        if last is None:
            return Verdict((), f"Nothing is published in {places.published} yet.")
        aside = places.versions / f"{last.version}.damaged"
        why = f"It was moved aside to {aside}." if aside.exists() else "Its links or its folder are gone."
        gone = f"Version {last.version} as of {last.as_of_date} was published and readers see nothing. {why}"
        return Verdict((gone,), is_gone=True)
    wrong = tuple(_wrong_links(places))
    if wrong:
        return Verdict(wrong)
    version = places.current.resolve()
    if last is None and not (version / MANIFEST).exists():
        return Verdict((), f"Version {version.name} was published before hashes were kept.")
    wrong = tuple(_wrong_version(version, last, ledger)) or tuple(_wrong_files(version))
    if wrong:
        return Verdict(wrong)
    count = len(read_manifest(version)["files"])
    message = (
        f"Readers see version {version.name} as of {last.as_of_date}, as it was published: {count} files."
    )
    return Verdict((), message)


def check_published(places: Places, ledger: Path) -> list[Problem]:
    """Return, at the start of a build, what readers see and was not published.

    An empty folder is no problem here: it shows no wrong values, and the build will fill it.
    """
    found = verify(places, ledger)
    if found.is_gone or not found.differences:
        return []
    more = len(found.differences) - SHOWN
    words = [*found.differences[:SHOWN], *([f"And {more} more."] if more > 0 else [])]
    words += [WAY_OUT] if found.is_known else []
    return [Problem("published files", "differ", " ".join(words), str(places.published))]


def _wrong_links(places: Places) -> Iterator[str]:
    """Return the links that do not lead where a publication links them."""
    for link in (places.analytics, places.parquet, places.restricted):
        expected = Path("versions") / "current" / link.name
        if not link.is_symlink():
            yield f"{link} is not the link that was published, but {_kind(link)}."
        elif link.readlink() != expected:
            yield f"{link} leads to {link.readlink()}, and was published as a link to {expected}."
    if not places.current.is_symlink():
        yield f"{places.current} is not the link that was published, but {_kind(places.current)}."
        return
    version = places.current.resolve()
    if version.parent != places.versions.resolve() or not version.name.isdigit() or not version.is_dir():
        yield f"{places.current} leads to {places.current.readlink()}, which is no published version."


def _kind(path: Path) -> str:
    if path.is_dir():
        return "a folder of its own"
    return "a file of its own" if path.exists() else "missing"


def _wrong_version(version: Path, last: Remembered | None, ledger: Path) -> Iterator[str]:
    """Compare the version and its manifest with the ledger."""
    file = version / MANIFEST
    if last is None:
        yield f"The ledger {ledger} has no publication of version {version.name}."
    elif version.name != last.version:
        was = f"{last.version} as of {last.as_of_date}"
        yield f"Readers see version {version.name}; published last was {was}."
    elif not file.is_file() or file.is_symlink():
        yield f"{file}, which has the hashes of the version, is missing."
    elif file_hash(file) != last.manifest_hash:
        yield (
            f"{file} has the hash {file_hash(file)[:12]}, and the ledger has {last.manifest_hash[:12]}:"
            " it was changed after the publication."
        )


def _wrong_files(version: Path) -> Iterator[str]:
    """Compare the files of a version with its manifest, which is known to be the published one."""
    manifest = read_manifest(version)
    expected, found = manifest["files"], files_of(version)
    for name in sorted(expected.keys() - set(found)):
        yield f"{version / name} is missing."
    for name in found:
        if name not in expected:
            yield f"{version / name} was not published{_why_it_matters(name)}."
            continue
        try:
            digest = file_hash(version / name)
        except OSError as problem:
            yield f"{version / name} cannot be read: {problem.strerror}."
            continue
        if (version / name).is_symlink():
            yield f"{version / name} is a link, and was published as a file."
        elif digest != expected[name]:
            tables = _changed_tables(version / name, manifest)
            yield f"{version / name} has the hash {digest[:12]}, published was {expected[name][:12]}{tables}."


def _why_it_matters(name: str) -> str:
    return " (changes that DuckDB shows to readers on top of the file)" if name.endswith(".wal") else ""


def _changed_tables(file: Path, manifest: dict) -> str:
    """Return the tables of a DuckDB file that differ from the published ones, where DuckDB can read them."""
    published = manifest["tables"].get(file.name)
    if published is None or duckdb.__version__ != manifest["duckdb"]:
        return ""
    try:
        found = {name: list(value) for name, value in table_hashes(file).items()}
    except duckdb.Error:
        return "; DuckDB cannot open it"
    names = sorted(n for n in published.keys() | found.keys() if published.get(n) != found.get(n))
    return f"; other values in {', '.join(names)}" if names else "; the values of its tables are the same"
