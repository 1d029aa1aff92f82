"""One thing that the doctor has to say."""

from __future__ import annotations

from dataclasses import dataclass

# In the order in which they are to be dealt with.
BLOCKS, LOOK, NOTE = "blocks", "look", "note"
LEVELS = (BLOCKS, LOOK, NOTE)


@dataclass(frozen=True)
class Finding:
    """A finding: ``blocks`` a build, deserves a ``look``, or is a ``note``.

    ``kind`` names the kind of finding for programs; ``where`` is ``<source>.<table>[.<column>]`` or a part of
    the raw data; ``file`` says where that was read. ``rows`` counts the raw rows concerned, where rows are
    what is concerned; ``example`` is one of them. ``action`` says what to do; empty where nothing is to do.
    """

    level: str
    kind: str
    where: str
    message: str
    action: str = ""
    file: str = ""
    rows: int | None = None
    example: str = ""


def counted(number: int, thing: str) -> str:
    """Return a number with its thing, in the plural where there are several."""
    plural = thing[:-1] + "ies" if thing.endswith("y") else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"


def in_order(findings: list[Finding]) -> list[Finding]:
    """Return findings with those that block a build first; the order within a level stays."""
    return sorted(findings, key=lambda finding: LEVELS.index(finding.level))
