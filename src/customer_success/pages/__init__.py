"""Pages of the build: one HTML file each, with all in it (charts, data, the library that draws them).

A page fetches nothing, and its content-security policy forbids it to. All its content is from the database:
no clock, no random numbers, so the same database gives the same file. Households appear by id, never by name.
"""

from .command import page_command
from .database import Build, open_build, read_build, rows_of
from .document import document, write_page
from .parts import Hint, Lookup, Page, Panel, Section
from .site import PAGES

__all__ = [
    "PAGES",
    "Build",
    "Hint",
    "Lookup",
    "Page",
    "Panel",
    "Section",
    "document",
    "open_build",
    "page_command",
    "read_build",
    "rows_of",
    "write_page",
]
