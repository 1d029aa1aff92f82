"""Text and data of the tables, made safe for HTML."""

from __future__ import annotations

import json
from html import escape


def text(value: object) -> str:
    """A value as text of an element or an attribute."""
    return escape(str(value), quote=True)


def script_json(value: object) -> str:
    """JSON for a script element: nothing in it can end the element or begin a comment."""
    written = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
