"""What the page of metrics shows: the catalogue, and each value with its interval and sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from customer_success.pages import Hint, rows_of

CALENDAR = ("week", "month", "quarter")
FORMS = {"share": ".1%", "ratio": ".1%", "score": ".2f", "points": ".1f", "hours": ".1f", "members": ",.0f"}
UNITS = {"hours": " h"}
WITHHELD = "withheld"


@dataclass(frozen=True)
class Facts:
    """Definitions by metric, in the order of the page, and the rows of what is published and withheld.

    A row that is withheld has the ``status`` and its reason (``note``), and None for value and interval.
    """

    metrics: dict[str, dict]
    rows: list[dict]

    @property
    def grains(self) -> dict[str, str]:
        """Grains of the rows with their names: those of the calendar first, then the trailing days."""
        there = {row["period_grain"] for row in self.rows}
        trailing = sorted(there - set(CALENDAR))
        named = {grain: f"last {grain.removeprefix('trailing_')} days" for grain in trailing}
        return {grain: grain for grain in CALENDAR if grain in there} | named

    def values(self, **wanted) -> list[dict]:
        """The rows whose columns are as wanted, in the order of the page."""
        return [row for row in self.rows if all(row[name] == value for name, value in wanted.items())]

    def last_start(self, grain: str) -> date | None:
        """First day of the latest period of a grain that is over."""
        over = [row["period_start"] for row in self.values(period_grain=grain) if row["is_over"]]
        return max(over, default=None)

    def name(self, metric: str) -> Hint:
        """The label of a metric, with its definition for the pointer."""
        entry = self.metrics[metric]
        return Hint(
            entry["label"],
            f"{entry['definition']}. {entry['conventions']} Sources: {entry['source_of_truth']}. Minimum"
            f" sample {entry['min_sample']}. Interval: {entry['ci_method']}. Owner: {entry['owner']}. Version"
            f" {entry['version']}, {entry['definition_hash'][:12]}.",
        )

    def shown(self, metric: str, value: float | None) -> str:
        """A value in its unit."""
        unit = self.metrics[metric]["unit"]
        return WITHHELD if value is None else f"{value:{FORMS.get(unit, ',.2f')}}{UNITS.get(unit, '')}"

    def interval(self, row: dict) -> str:
        """The interval of a value in its unit; nothing where the value is withheld."""
        ends = (self.shown(row["metric"], row[name]) for name in ("ci_low", "ci_high"))
        return "" if row["value"] is None else " to ".join(ends)


def period(row: dict) -> str:
    """The days of a period."""
    return f"{row['period_start']} to {row['period_end']}"


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read catalogue, published and withheld values; duckdb.Error where one is not there."""
    metrics = rows_of(
        connection, "select * from analytics.dim_metrics order by source_of_truth, unit, metric"
    )
    rows = rows_of(
        connection,
        """select metric, period_grain, period_start, period_end, segment_type, segment, sample_size,
            unknown_count, value, ci_low, ci_high, 'published' as status, note,
            period_end <= as_of_date as is_over
        from analytics.published_metrics
        union all by name
        select metric, period_grain, period_start, period_end, segment_type, segment, sample_size, status,
            status_reason as note, period_end <= as_of_date as is_over
        from analytics.withheld_metrics
        order by period_start, segment_type, segment""",
    )
    order = {row["metric"]: place for place, row in enumerate(metrics)}
    rows.sort(key=lambda row: order[row["metric"]])
    return Facts({row["metric"]: row for row in metrics}, rows)
