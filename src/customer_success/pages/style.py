"""How all pages look: colours, the configuration of charts, the style sheet, the script that draws."""

from __future__ import annotations

INK, GREY, LINE, UNKNOWN = "#17202a", "#4a5562", "#dfe3e8", "#b8bec6"
ACCENT = "#1f5f99"
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#5b4a8a", "#8a8f2a")
BEST_TO_WORST = ("#1f5f99", "#4a90c2", "#8cc0de", "#f2dc8c", "#f0a24f", "#dd6b33", "#a51d23")
SYMBOLS = ("●", "■", "▲", "◆")
SHAPES = ("circle", "square", "triangle-up", "diamond")  # of the symbols, as Vega calls them

CONFIG = {
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": GREY,
        "labelFontSize": 12,
        "titleColor": GREY,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
    },
    "axisX": {"tickCount": 6, "labelFlush": False, "labelOverlap": "greedy", "labelSeparation": 10},
    "text": {"fontSize": 12},
    "axisY": {"domain": False, "ticks": False, "tickCount": 5},
}

STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; background: #f4f6f8; color: {INK};
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }}
header, main, footer {{ max-width: 1120px; margin: 0 auto; padding: 0 20px; }}
header {{ padding-top: 32px; }}
nav ul {{ list-style: none; display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0 0 20px; padding: 0;
  font-size: 0.95rem; }}
a {{ color: {ACCENT}; }}
a:focus-visible, input:focus-visible, .scroll:focus-visible {{ outline: 2px solid {ACCENT};
  outline-offset: 2px; }}
[aria-current] {{ color: {INK}; font-weight: 650; text-decoration: none; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: 0 0 16px; letter-spacing: -0.01em; }}
h2 {{ font-size: 1.3rem; line-height: 1.3; margin: 0 0 4px; }}
h3 {{ font-size: 0.95rem; line-height: 1.35; margin: 0 0 8px; }}
h3 small {{ display: block; font-size: 0.9rem; font-weight: normal; color: {GREY}; }}
.synthetic {{ background: #ffe08a; border: 2px solid {INK}; border-radius: 8px; margin: 0 0 20px;
  padding: 12px 16px; }}
.synthetic strong {{ letter-spacing: 0.08em; }}
dl {{ display: flex; flex-wrap: wrap; gap: 8px 40px; margin: 0 0 24px; }}
dt {{ color: {GREY}; font-size: 0.85rem; }}
dd {{ margin: 0; font-size: 1.35rem; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }}
section {{ background: white; border: 1px solid {LINE}; border-radius: 10px; margin: 0 0 20px;
  padding: 24px; }}
h2 + .panels {{ margin-top: 12px; }}
.lead {{ font-size: 1.05rem; margin: 0 0 16px; max-width: 80ch; text-wrap: pretty; }}
.reading {{ color: {GREY}; font-size: 0.9rem; margin: 16px 0 0; max-width: 95ch; text-wrap: pretty; }}
dl.terms {{ display: grid; gap: 14px; margin: 0; max-width: 100ch; }}
.terms dt {{ font-size: 0.9rem; }}
.terms dd {{ font-size: 1rem; font-weight: normal; line-height: 1.45; text-wrap: pretty; }}
@media (min-width: 860px) {{ .terms div {{ display: grid; grid-template-columns: 15rem 1fr; gap: 24px; }} }}
.panels {{ display: grid; grid-template-columns: minmax(0, 1fr); gap: 28px 36px; }}
@media (min-width: 860px) {{
  .panels.two {{ grid-template-columns: repeat(2, minmax(0, 1fr)); grid-auto-rows: auto; row-gap: 0; }}
  .panels.two > * {{ display: grid; grid-template-rows: subgrid; grid-row: span 4; margin-bottom: 28px; }}
  .panels.two > :nth-last-child(-n + 2) {{ margin-bottom: 0; }}
  .panels.two > .wide {{ display: block; grid-column: 1 / -1; }}
  .panels.two > .wide:not(:last-child) {{ margin-bottom: 28px; }}
  .panels.two h3 {{ grid-row: 1; }}
  .panels.two .legend {{ grid-row: 2; }}
  .panels.two .chart, .panels.two .none {{ grid-row: 3; align-self: start; }}
  .panels.two details {{ grid-row: 4; }}
}}
figure {{ margin: 0; }}
.chart {{ width: 100%; }}
.chart.vega-embed {{ display: block; padding: 0; }}
.legend {{ list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 8px; padding: 0;
  font-size: 0.9rem; }}
.legend i {{ display: inline-block; width: 0.85em; height: 0.85em; border-radius: 2px; margin-right: 7px;
  vertical-align: -0.06em; }}
.none {{ background: #f4f6f8; border-left: 4px solid {UNKNOWN}; margin: 0; padding: 12px 16px; }}
.search label {{ display: block; font-weight: 650; margin: 0 0 6px; }}
.search input {{ border: 1px solid {GREY}; border-radius: 6px; color: {INK}; font: inherit; padding: 8px 12px;
  width: 100%; max-width: 26rem; }}
.search output {{ display: block; margin-top: 12px; }}
.search table {{ margin: 0 0 20px; width: 100%; }}
.search caption {{ font-weight: 650; overflow-wrap: anywhere; padding-bottom: 4px; text-align: left; }}
.search th, .search td {{ overflow-wrap: anywhere; vertical-align: top; white-space: normal; }}
.search th {{ color: {GREY}; font-weight: normal; width: 9rem; }}
details {{ margin-top: 8px; font-size: 0.85rem; color: {GREY}; }}
summary {{ cursor: pointer; width: fit-content; }}
summary:focus-visible {{ outline: 2px solid {ACCENT}; outline-offset: 2px; }}
.scroll {{ overflow: auto; max-height: 340px; margin-top: 8px; }}
.scroll.open {{ max-height: none; margin-top: 0; font-size: 0.85rem; }}
.open th {{ white-space: normal; vertical-align: bottom; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; color: {INK}; }}
th, td {{ text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid {LINE}; white-space: nowrap; }}
td.number {{ text-align: right; }}
abbr {{ text-decoration: underline dotted {GREY}; text-underline-offset: 3px; cursor: help; }}
#vg-tooltip-element {{ font-size: 13px; color: {INK}; }}
footer {{ color: {GREY}; font-size: 0.85rem; padding-bottom: 32px; }}
@media (max-width: 600px) {{
  header, main, footer {{ padding-left: 12px; padding-right: 12px; }}
  section {{ padding: 16px 14px; }}
  h1 {{ font-size: 1.6rem; }}
}}
@media print {{
  body {{ background: white; }}
  section {{ break-inside: avoid; }}
  details {{ display: none; }}
}}
"""

# Vega compiles expressions, hence 'unsafe-eval'; all else, any address included, is forbidden.
POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'"

DRAW = """
(function () {
  var specs = JSON.parse(document.getElementById("specs").textContent);
  Object.keys(specs).forEach(function (id) {
    var place = document.getElementById(id);
    vegaEmbed(place, specs[id], {actions: false, renderer: "svg"}).catch(function (error) {
      place.textContent = "This chart cannot be drawn: " + error.message;
    });
  });
})();
"""
