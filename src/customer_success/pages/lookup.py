"""A search in a table that the page holds: by its key, in the browser, without a network."""

from __future__ import annotations

from .parts import Lookup
from .text import script_json, text

# All text goes in as text nodes, so markup in a key or a cell stays text.
FIND = """
(function () {
  var held = JSON.parse(document.getElementById("lookup").textContent);
  var input = document.getElementById("lookup-key"), found = document.getElementById("lookup-found");
  var most = 5;
  function put(parent, tag, text) {
    var element = parent.appendChild(document.createElement(tag));
    if (text !== undefined) element.textContent = text;
    return element;
  }
  function show(row) {
    var table = put(found, "table");
    put(table, "caption", row[0]);
    var body = put(table, "tbody");
    held.columns.forEach(function (column, place) {
      if (!place) return;
      var line = put(body, "tr");
      put(line, "th", column).scope = "row";
      put(line, "td", held.texts[row[place]]);
    });
  }
  function find() {
    var wanted = input.value.trim().toLowerCase();
    found.textContent = "";
    if (!wanted) return;
    var exact = held.rows.filter(function (row) { return row[0].toLowerCase() === wanted; });
    var rows = exact.length ? exact : held.rows.filter(function (row) {
      return row[0].toLowerCase().indexOf(wanted) >= 0;
    });
    var more = rows.length > most ? "; the first " + most + " are shown" : "";
    put(found, "p", rows.length === 1 ? "1 match." : rows.length + " matches" + more + ".");
    rows.slice(0, most).forEach(show);
  }
  input.addEventListener("input", find);
  input.form.addEventListener("submit", function (event) { event.preventDefault(); find(); });
})();
"""


def lookup_html(lookup: Lookup) -> str:
    """The field of the search, and the place for what it finds."""
    return (
        '<form class="search" role="search">\n'
        f'<label for="lookup-key">{text(lookup.label)}</label>\n'
        '<input id="lookup-key" type="search" autocomplete="off" spellcheck="false">\n'
        '<output id="lookup-found" for="lookup-key" aria-live="polite"></output>\n</form>'
    )


def lookup_script(lookup: Lookup) -> str:
    """The data of the search and the script that looks in them."""
    places: dict[str, int] = {}
    rows = [[key, *(places.setdefault(cell, len(places)) for cell in cells)] for key, *cells in lookup.rows]
    held = {"columns": list(lookup.columns), "texts": list(places), "rows": rows}
    return (
        f'<script type="application/json" id="lookup">{script_json(held)}</script>\n<script>{FIND}</script>\n'
    )
