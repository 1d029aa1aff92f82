"""What a page is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import altair as alt

from .database import Build
from .site import PAGES


@dataclass(frozen=True)
class Hint:
    """A cell of a table with words that show while the pointer is on it."""

    text: str
    hint: str


@dataclass(frozen=True)
class Lookup:
    """A table of which the page shows the rows that are searched: each cell a text, the first one the key.

    Cells repeat, so the page holds each text but the keys once.
    """

    label: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Panel:
    """One chart with what it shows in words, or, where there is none, the reason in words.

    Instead of a chart there may be ``terms`` (names with a text for each), a ``lookup``, or ``rows`` alone:
    an open table, with the words below it. ``wide`` takes the whole width among panels in two columns.
    """

    words: str
    chart: alt.TopLevelMixin | None = None
    heading: str = ""
    about: str = ""
    legend: dict[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    terms: Sequence[tuple[str, str]] = ()
    lookup: Lookup | None = None
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the page: a heading, a summary of the data, panels, how to read them."""

    title: str
    lead: str
    panels: list[Panel]
    how_to_read: str = ""


@dataclass(frozen=True)
class Page:
    """A whole page: its name in ``PAGES``, its build, further facts for the head, its sections."""

    name: str
    build: Build
    known: Sequence[tuple[str, str]]
    sections: list[Section]

    @property
    def heading(self) -> str:
        """What the page is called."""
        return PAGES[self.name]
