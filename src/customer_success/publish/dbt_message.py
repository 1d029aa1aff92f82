"""The part of a dbt error message that is worth showing."""

from __future__ import annotations

import re

LONGEST = 400  # characters of a message that fit on a screen with eleven others
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
HEADING = re.compile(r"^(\w+ )+Error in [\w-]+ \S+ \(.*\)$")
TRACEBACK = "Traceback (most recent call last):"
# Lines without information on this failure: carets, rules of tables, advice that is always the same.
NOISE = re.compile(r"^([\^~\s]+|\|[\s|-]+\|)$|^Please ensure the name, data_type, and number of columns")
# From here on: the macros that led to the place, and DuckDB's advice on memory.
TAIL = re.compile(r"^(> in macro |> called by |Possible solutions:)")


def shown_message(message: str | None) -> str:
    """Return dbt's message in one line without colours, of at most `LONGEST` characters.

    For a Python model that is the exception that ended it, without the traceback. The line that names the
    node again, the trail of macros and advice are left out. Empty without a message.
    """
    lines = [line.rstrip() for line in ANSI.sub("", message or "").splitlines()]
    lines = _exception(lines)
    kept = []
    for line in map(str.strip, lines):
        if TAIL.match(line):
            break
        if line and not NOISE.match(line) and not HEADING.match(line):
            kept.append(" ".join(line.split()))
    text = " ".join(kept)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _exception(lines: list[str]) -> list[str]:
    """Return the last exception of a traceback, whose lines have the indent of its heading."""
    headings = [number for number, line in enumerate(lines) if line.strip() == TRACEBACK]
    if not headings:
        return lines
    last = headings[-1]
    margin = lines[last][: lines[last].index(TRACEBACK)]
    for number in range(last + 1, len(lines)):
        if lines[number].startswith(margin) and lines[number][len(margin) :][:1].strip():
            return lines[number:]
    return lines[last + 1 :]
