"""A page of the build as a browser reads it, for the tests of pages."""

from __future__ import annotations

import json
from html.parser import HTMLParser

from customer_success.pages import PAGES

LINKS = {("a", f"{name}.html") for name in PAGES}


class Page(HTMLParser):
    """The page as a browser reads it: elements with attributes, text, scripts, chart specifications."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()
        held = [a.get("id") for a in self.named("script")]
        self.specs = json.loads(self.scripts[held.index("specs")]) if "specs" in held else {}
        self.lookup = json.loads(self.scripts[held.index("lookup")]) if "lookup" in held else {}

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    @property
    def reaching_out(self) -> list[tuple[str, dict]]:
        """Elements that fetch something, or lead anywhere but to another page of the build."""
        fetching = {"link", "iframe", "img", "object", "base"}
        return [
            (tag, attributes)
            for tag, attributes in self.elements
            if tag in fetching
            or "src" in attributes
            or ("href" in attributes and (tag, attributes["href"]) not in LINKS)
        ]

    def named(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]

    def data(self, chart: str, field_name: str) -> list[dict]:
        """Rows of the data of a chart that have a field."""
        datasets = self.specs[chart]["datasets"].values()
        return [row for rows in datasets for row in rows if field_name in row]
