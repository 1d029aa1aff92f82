"""The chances of renewals, from all past ones, and the forecast by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb

from customer_success.recount.households.health_rules import HealthRules
from customer_success.recount.second_methods import share_of

from .held import Held, of_rows
from .summed import Build

KEPT = {"renewed", "renewed_smaller", "expanded"}
LOST = {"not_renewed"}
KEY = ("household_id", "subscription_id", "renewal_on")
Chance = tuple[float, int, float, float]


def renewal_chances(connection: duckdb.DuckDBPyConnection, build: Build) -> Iterator[Held]:
    """Return what the chances must be; registers a relation per mart in the connection."""
    found = connection.execute("from analytics.fct_renewals")
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
    health = build.rules.health
    least = build.rules.whole("renewal_min_sample")
    chances = chances_of([row for row in rows if row["status"] in KEPT | LOST], health, least)
    shown = [{**{name: row[name] for name in KEY}, **_with(row, chances, health)} for row in rows]
    yield of_rows(connection, "fct_renewals", KEY, shown, prefix="chances_of")
    yield _months()


def band_of(row: Mapping[str, object], health: HealthRules) -> str | None:
    """Return the band of the health 60 days before, else of today's where that day is ahead."""
    score = row["health_60d_before"]
    if score is None and row["status"] == "ahead":
        score = row["health_now"]
    if score is None:
        return None
    return next(name for least, name in health.bands[health.primary] if score >= least)


def chances_of(
    past: Iterable[Mapping[str, object]], health: HealthRules, least: int
) -> dict[str | None, Chance]:
    """Return share renewed, n and interval by band; of None over all, where there are enough."""
    groups: dict[str | None, list[bool]] = {}
    for row in past:
        for band in {band_of(row, health), None}:
            groups.setdefault(band, []).append(row["status"] in KEPT)
    found = {}
    for band, kept in groups.items():
        if len(kept) >= least:
            rate, low, high = share_of(sum(kept), len(kept))
            found[band] = (rate, len(kept), low, high)
    return found


def _with(row: Mapping[str, object], chances: dict, health: HealthRules) -> dict:
    """Return the chance of a renewal that is ahead; of any other it is null."""
    chance = chances.get(band_of(row, health), chances.get(None)) if row["status"] == "ahead" else None
    share, n, low, high = chance or (None,) * 4
    return {
        "probability": share,
        "probability_n": n,
        "probability_ci_low": low,
        "probability_ci_high": high,
        "forecast_mrr": None if share is None or row["mrr"] is None else share * float(row["mrr"]),
    }


def _months() -> Held:
    """Count renewals and their MRR by month, and what came of the past ones."""
    return Held(
        "rpt_renewal_forecast",
        ("month_start",),
        """
        select date_trunc('month', renewal_on)::date as month_start,
            count(*) filter (where status <> 'cancellation_scheduled') as renewals,
            count(*) filter (where status = 'cancellation_scheduled') as cancellations_scheduled,
            if(count(*) filter (where mrr is null and status <> 'cancellation_scheduled') > 0, null,
                coalesce(sum(mrr) filter (where status <> 'cancellation_scheduled'), 0)) as mrr
        from analytics.fct_renewals group by 1
        """,
    )
