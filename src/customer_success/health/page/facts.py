"""Facts that the whole page of health uses."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from customer_success.build_vars import build_vars
from customer_success.pages import rows_of
from customer_success.pages.style import BEST_TO_WORST, UNKNOWN


@dataclass(frozen=True)
class Facts:
    """The primary scorecard, None before a household has a score, and its bands, the best first, as (name,
    lowest score). ``trend_days``: days over which a change of the score is taken."""

    primary: str | None
    bands: list[tuple[str, int]]
    trend_days: int

    @property
    def band_colours(self) -> dict[str, str]:
        """Colour per band from blue (best) to red, and grey for an unknown score."""
        steps = (len(BEST_TO_WORST) - 1) / max(len(self.bands) - 1, 1)
        found = {name: BEST_TO_WORST[round(place * steps)] for place, (name, _) in enumerate(self.bands)}
        return found | {"unknown": UNKNOWN}


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read the primary scorecard, its bands and the days of a trend; duckdb.Error where they are missing."""
    (primary,) = rows_of(connection, "select min(health_model) as model from analytics.fct_customer_health")
    bands = rows_of(
        connection,
        "select band, min_score from rules.health_bands where health_model = ? order by min_score desc",
        [primary["model"]],
    )
    trend_days = int(build_vars(connection)["health_trend_days"])
    return Facts(primary["model"], [(row["band"], row["min_score"]) for row in bands], trend_days)
