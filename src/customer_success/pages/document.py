"""Makes one HTML file from sections; the file fetches nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import vl_convert
from altair.utils._importers import vl_version_for_vl_convert

from .database import Build
from .lookup import lookup_html, lookup_script
from .parts import Hint, Page, Panel, Section
from .site import PAGES
from .style import CONFIG, DRAW, POLICY, STYLE, SYMBOLS
from .text import script_json, text


def write_page(page: Page, out: Path) -> Path:
    """Write a page to the file ``out``, its folder made where there is none, and return ``out``."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(document(page), encoding="utf-8")
    return out


def document(page: Page) -> str:
    """Return the page as HTML."""
    specs: dict[str, dict] = {}
    body = "\n".join(_section_html(section, number, specs) for number, section in enumerate(page.sections, 1))
    draw = ""
    if specs:
        draw = (
            f'<script type="application/json" id="specs">{script_json(specs)}</script>\n'
            f"<script>{_library()}</script>\n<script>{DRAW}</script>\n"
        )
    lookups = [panel.lookup for section in page.sections for panel in section.panels if panel.lookup]
    draw += "".join(map(lookup_script, lookups))
    as_of = page.build.as_of_date or "unknown"
    known = [("as of", as_of), *page.known]
    title = f"{page.heading} as of {as_of}" + (" (synthetic data)" if page.build.synthetic else "")
    head = "".join(f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>" for name, value in known)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{text(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
{_navigation_html(page.name)}
<h1>{text(page.heading)}</h1>
{_synthetic_html(page.build)}<dl>{head}</dl>
</header>
<main>
<noscript><p class="none">The charts and the search need JavaScript; the tables do not.</p></noscript>
{body}
</main>
<footer><p>Everything on this page is from the tables of one build; nothing is fetched. A missing value is
shown as unknown and counts as nothing else.</p></footer>
{draw}</body>
</html>
"""


@cache
def _library() -> str:
    """The library that draws, made once for all pages."""
    bundle = vl_convert.javascript_bundle(vl_version=vl_version_for_vl_convert())
    return bundle.replace("</script", "<\\/script")


def _navigation_html(here: str) -> str:
    """Links to the other pages, which stand in the same folder."""
    current = {here: ' aria-current="page"'}
    links = "".join(
        f'<li><a href="{name}.html"{current.get(name, "")}>{text(heading)}</a></li>'
        for name, heading in PAGES.items()
    )
    return f'<nav aria-label="Pages"><ul>{links}</ul></nav>'


def _synthetic_html(build: Build) -> str:
    if not build.synthetic:
        return ""
    whose = "These data are" if build.synthetic == build.households else f"{build.synthetic:,} households are"
    return (
        f'<p class="synthetic" role="note"><strong>SYNTHETIC</strong> {whose} simulated: no person in them'
        " exists, and no figure on this page is about real customers.</p>\n"
    )


def _section_html(section: Section, number: int, specs: dict[str, dict]) -> str:
    panels = "\n".join(
        _panel_html(panel, f"chart-{number}-{place}", specs) for place, panel in enumerate(section.panels, 1)
    )
    lead = f'<p class="lead">{text(section.lead)}</p>\n' if section.lead else ""
    reading = f'\n<p class="reading">{text(section.how_to_read)}</p>' if section.how_to_read else ""
    two = " two" if len(section.panels) > 1 else ""
    return (
        f'<section aria-labelledby="section-{number}">\n'
        f'<h2 id="section-{number}">{text(section.title)}</h2>\n{lead}'
        f'<div class="panels{two}">\n{panels}\n</div>{reading}\n</section>'
    )


def _panel_html(panel: Panel, name: str, specs: dict[str, dict]) -> str:
    about = f" <small>{text(panel.about)}</small>" if panel.about else ""
    heading = f"<h3>{text(panel.heading)}{about}</h3>\n" if panel.heading else ""
    wide = ' class="wide"' if panel.wide else ""
    if panel.chart is None:
        return f"<div{wide}>{heading}{_instead_of_chart(panel)}</div>"
    # Checking a chart against the schema takes longer than all else; the tests draw each chart instead.
    chart = panel.chart.properties(description=panel.words).configure(**CONFIG)
    specs[name] = chart.to_dict(validate=False)
    legend = "".join(_legend_html(label, colour) for label, colour in panel.legend.items())
    legend = f'<ul class="legend">{legend}</ul>\n' if legend else ""
    return (
        f"<figure{wide}>\n{heading}{legend}"
        f'<div class="chart" id="{name}" role="img" aria-label="{text(panel.words)}"></div>\n'
        f"<details><summary>Figures as a table</summary>\n{_table_html(panel)}\n</details>\n</figure>"
    )


def _instead_of_chart(panel: Panel) -> str:
    if panel.lookup:
        return lookup_html(panel.lookup)
    if panel.terms:
        terms = (
            f"<div><dt>{text(name)}</dt><dd>{text(description)}</dd></div>"
            for name, description in panel.terms
        )
        return f'<dl class="terms">{"".join(terms)}</dl>'
    if panel.rows:
        words = f'\n<p class="reading">{text(panel.words)}</p>' if panel.words else ""
        return f"{_table_html(panel)}{words}"
    return f'<p class="none">{text(panel.words)}</p>'


def _table_html(panel: Panel) -> str:
    head = "".join(f'<th scope="col">{text(column)}</th>' for column in panel.columns)
    rows = "".join(f"<tr>{''.join(map(_cell_html, row))}</tr>" for row in panel.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll{"" if panel.chart else " open"}" tabindex="0">{table}</div>'


def _legend_html(label: str, colour: str) -> str:
    """A swatch, or, where the label begins with the symbol of a mark, that symbol in its colour."""
    if label[0] in SYMBOLS:
        return f'<li><span aria-hidden="true" style="color:{colour}">{label[0]}</span>{text(label[1:])}</li>'
    return f'<li><i style="background:{colour}"></i>{text(label)}</li>'


def _cell_html(value: object) -> str:
    if isinstance(value, Hint):
        return f'<td><abbr title="{text(value.hint)}">{text(value.text)}</abbr></td>'
    if isinstance(value, int):
        return f'<td class="number">{value:,}</td>'
    if isinstance(value, float):
        return f'<td class="number">{value:g}</td>'
    return f"<td>{text('unknown' if value is None else value)}</td>"
