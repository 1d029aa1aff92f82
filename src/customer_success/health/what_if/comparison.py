"""What another scorecard changes: computed again, held against what is stored, back-tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import pandas as pd

from customer_success.health.backtest import backtest

from .refusal import UNKNOWN, Refusal
from .scorecards import RECOMPUTED, Scorecard, fetch
from .settings import Settings

PRESENT, PROPOSED = "present", "proposed"


@dataclass(frozen=True)
class WhatIf:
    """What the proposed scorecard changes.

    ``moved``: current customers by (band now, band then). ``mean_change``, ``largest_fall`` and
    ``largest_rise`` are points over the current customers whose score is known both times (None without any);
    ``backtest`` has the rows of `backtest` with the scorecards ``present`` and ``proposed``, the difference
    (proposed less present) as its measure ``auc_against_primary``.
    """

    health_model: str
    as_of_date: date
    synthetic: bool
    present: Scorecard
    proposed: Scorecard
    score_dates: int
    moved: Mapping[tuple[str, str], int]
    changed_scores: int
    mean_change: float | None
    largest_fall: int | None
    largest_rise: int | None
    horizons: tuple[int, ...]
    backtest: pd.DataFrame

    @property
    def customers(self) -> int:
        """Number of current customers."""
        return sum(self.moved.values())

    @property
    def change_band(self) -> int:
        """Number of current customers whose band changes."""
        return sum(count for (before, after), count in self.moved.items() if before != after)


def compare(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    present: Scorecard,
    proposed: Scorecard,
    *,
    settings: Settings,
) -> WhatIf:
    """Compare a proposed scorecard with the present one over all customers and score dates.

    Refusal where there are no scores, where the present rules do not give exactly the stored scores and
    bands (the rules were changed after the build), or where other weights cannot be computed from what is
    stored.
    """
    changes_weights = significant(proposed.weights) != significant(present.weights)
    if changes_weights and model not in RECOMPUTED:
        raise Refusal(
            f"Other weights of {model} cannot be tried here: its parts may be known in part, and what share"
            " of each is known is not stored. Its bands can; its weights are compared by building a copy of"
            f" the project. Weights can be tried for {' and '.join(RECOMPUTED)}."
        )
    _compute(connection, model, present, proposed, settings)
    _must_be_built(connection, model, present)
    as_of = fetch(connection, "select max(as_of_date) from build.parameters")[0][0]
    current = _current(connection, as_of)
    moved = Counter()
    for (before, after), count in current.items():
        moved[present.band_of(before), proposed.band_of(after)] += count
    changes = [(after - before, n) for (before, after), n in current.items() if None not in (before, after)]
    known = sum(n for _, n in changes)
    return WhatIf(
        health_model=model,
        as_of_date=as_of,
        synthetic=bool(fetch(connection, "select bool_or(is_synthetic) from analytics.dim_households")[0][0]),
        present=present,
        proposed=proposed,
        score_dates=fetch(connection, "select count(distinct score_date) from what_if")[0][0],
        moved=moved,
        changed_scores=sum(n for (before, after), n in current.items() if before != after),
        mean_change=sum(change * n for change, n in changes) / known if known else None,
        largest_fall=min((change for change, _ in changes), default=None),
        largest_rise=max((change for change, _ in changes), default=None),
        horizons=settings.horizons,
        backtest=_backtest(connection, present, proposed, settings),
    )


def _current(connection: duckdb.DuckDBPyConnection, as_of: date) -> Counter:
    """Count the customers of today by their present and proposed score."""
    rows = fetch(
        connection,
        f"select {PRESENT}, {PROPOSED}, count(*) from what_if where score_date = ? group by all",
        [as_of],
    )
    return Counter({(before, after): count for before, after, count in rows})


def _backtest(
    connection: duckdb.DuckDBPyConnection, present: Scorecard, proposed: Scorecard, settings: Settings
):
    """Back-test both scorecards on the same customers and outcomes."""
    rows = connection.execute(
        f"select household_number, {PRESENT}, {PROPOSED}, is_active_7d, days_to_left, days_known from what_if"
    ).to_arrow_table()
    return backtest(
        rows,
        (PRESENT, PROPOSED),
        primary=PRESENT,
        bands={
            name: {band: low for band, (low, _) in scorecard.bands.items()}
            for name, scorecard in ((PRESENT, present), (PROPOSED, proposed))
        },
        horizons=settings.horizons,
        replicates=settings.replicates,
        seed=settings.seed,
    )


def score_sql(weights: Mapping[str, Decimal], min_known_weight: Decimal) -> str:
    """SQL of the published score (0-100 or null) over columns named like the parts.

    The weighted mean of the known parts, unknown where less than ``min_known_weight`` of the weight is known;
    brought to nine decimals, then rounded once, half away from zero.
    """
    points = " + ".join(f'coalesce("{part}", 0) * {weight}' for part, weight in sorted(weights.items()))
    known = " + ".join(
        f'case when "{part}" is null then 0 else {weight} end' for part, weight in sorted(weights.items())
    )
    mean = f"(({points}) / nullif({known}, 0))"
    return (
        f"case when round(({known}), 9) >= {min_known_weight}"
        f" then cast(round(cast({mean} as decimal(12, 9)), 0) as integer) end"
    )


def significant(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The weights that are not 0."""
    return {part: weight for part, weight in weights.items() if weight}


def _compute(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    present: Scorecard,
    proposed: Scorecard,
    settings: Settings,
) -> None:
    """Fill the temporary table ``what_if``: stored, present and proposed score and what came of it."""
    scores = {PRESENT: "overall_score", PROPOSED: "overall_score"}
    parts = ""
    if model in RECOMPUTED:
        scores[PRESENT] = score_sql(present.weights, settings.min_known_weight)
        scores[PROPOSED] = score_sql(proposed.weights, settings.min_known_weight)
        parts = "left join intermediate.int_health_parts as parts using (household_id, score_date)"
    fetch(
        connection,
        f"""create or replace temp table what_if as
        with stored as (
            select household_id, score_date, overall_score, segment
            from analytics.fct_health_scores where health_model = ?
        )
        select
            stored.household_id, stored.score_date, stored.overall_score as stored, stored.segment,
            {scores[PRESENT]} as {PRESENT}, {scores[PROPOSED]} as {PROPOSED},
            outcomes.household_number, outcomes.is_active_7d, outcomes.days_to_left, outcomes.days_known
        from stored {parts}
        left join intermediate.int_health_outcomes as outcomes using (household_id, score_date)""",
        [model],
    )


def _must_be_built(connection: duckdb.DuckDBPyConnection, model: str, present: Scorecard) -> None:
    """Refuse unless the rules and the tables in the database are of one build."""
    build = "Build first (`dbt build`), then compare."
    rows, other, without = fetch(
        connection,
        f"select count(*), count(*) filter (where {PRESENT} is distinct from stored),"
        " count(*) filter (where household_number is null) from what_if",
    )[0]
    if not rows:
        raise Refusal(f"No customer has been scored by {model} yet: there is nothing to compare.")
    if other:
        household, day, stored, score = fetch(
            connection,
            f"select household_id, score_date, stored, {PRESENT} from what_if"
            f" where {PRESENT} is distinct from stored order by score_date desc, household_id limit 1",
        )[0]
        raise Refusal(
            f"{other:,} of {rows:,} stored scores of {model} are not what the present weights give (the"
            f" first: {household} on {day}, stored {_or_unknown(stored)}, computed {_or_unknown(score)}): the"
            f" rules were changed after the last build. {build}"
        )
    for score, segment in fetch(connection, "select distinct stored, segment from what_if order by all"):
        if score is not None and not any(low <= score <= high for low, high in present.bands.values()):
            raise Refusal(f"The present bands of {model} leave out {score}. {build}")
        if (segment or UNKNOWN) != present.band_of(score):
            raise Refusal(
                f"A score of {_or_unknown(score)} is stored as {segment} and the present bands of {model}"
                f" make it {present.band_of(score)}: the bands were changed after the last build. {build}"
            )
    if without:
        raise Refusal(
            f"What came of {without:,} of {rows:,} scores of {model} is not in the database. {build}"
        )


def _or_unknown(value: object) -> object:
    return UNKNOWN if value is None else value
