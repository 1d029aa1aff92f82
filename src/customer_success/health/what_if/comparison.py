"""Effect of another scorecard: scores computed again, compared with the stored ones, back-tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

import duckdb
import pandas as pd

from customer_success.health.backtest import backtest

from .project_sql import ProjectSql
from .refusal import UNKNOWN, Refusal
from .scorecards import BUILT, RECOMPUTED, Scorecard, fetch, propose, rule_rows
from .settings import Settings

PRESENT, PROPOSED = "present", "proposed"


@dataclass(frozen=True)
class WhatIf:
    """The effect of the proposed scorecard.

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
    bands (the rules were changed after the build), or where other weights cannot be computed from the
    stored parts.
    """
    changes_weights = significant(proposed.weights) != significant(present.weights)
    if changes_weights and model not in RECOMPUTED:
        raise Refusal(
            f"Other weights of {model} cannot be tried here: its parts may be partly known, and their known"
            " shares are not stored. Its bands can; its weights are compared by building a copy of"
            f" the project. Weights can be tried for {' and '.join(RECOMPUTED)}."
        )
    _compute(connection, model, proposed, settings)
    _must_be_built(connection, model)
    as_of = fetch(connection, "select max(as_of_date) from build.parameters")[0][0]
    current = fetch(
        connection,
        f"""select {PRESENT}, {PROPOSED}, coalesce({PRESENT}_band, '{UNKNOWN}'),
            coalesce({PROPOSED}_band, '{UNKNOWN}'), count(*)
        from what_if where score_date = ? group by all""",
        [as_of],
    )
    moved = Counter()
    for *_, band, new_band, count in current:
        moved[band, new_band] += count
    changes = [(after - before, n) for before, after, *_, n in current if None not in (before, after)]
    known = sum(n for _, n in changes)
    return WhatIf(
        health_model=model,
        as_of_date=as_of,
        synthetic=bool(fetch(connection, "select bool_or(is_synthetic) from analytics.dim_households")[0][0]),
        present=present,
        proposed=proposed,
        score_dates=fetch(connection, "select count(distinct score_date) from what_if")[0][0],
        moved=moved,
        changed_scores=sum(n for before, after, *_, n in current if before != after),
        mean_change=sum(change * n for change, n in changes) / known if known else None,
        largest_fall=min((change for change, _ in changes), default=None),
        largest_rise=max((change for change, _ in changes), default=None),
        horizons=settings.horizons,
        backtest=_backtest(connection, present, proposed, settings),
    )


def significant(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The weights that are not 0."""
    return {part: weight for part, weight in weights.items() if weight}


def _backtest(
    connection: duckdb.DuckDBPyConnection, present: Scorecard, proposed: Scorecard, settings: Settings
) -> pd.DataFrame:
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


def _compute(
    connection: duckdb.DuckDBPyConnection, model: str, proposed: Scorecard, settings: Settings
) -> None:
    """Fill the temporary table ``what_if``: stored, present and proposed score, bands and outcomes.

    Scores and bands are computed by the SQL that the project's macros write: for the present rules from the
    seeds in the database, for the proposed ones from temporary tables of the same columns.
    """
    present_sql, proposed_sql = (
        ProjectSql(settings.variables, partial(rule_rows, connection, tables))
        for tables in (BUILT, propose(connection, model, proposed))
    )
    recomputed = model in RECOMPUTED
    parts = "left join intermediate.int_health_parts as parts using (household_id, score_date)"
    fetch(
        connection,
        f"""create or replace temp table what_if as
        with stored as (
            select household_id, score_date, overall_score, segment
            from analytics.fct_health_scores where health_model = ?
        ),
        scored as (
            select
                stored.household_id, stored.score_date, stored.overall_score as stored, stored.segment,
                {present_sql.score(model) if recomputed else "overall_score"} as {PRESENT},
                {proposed_sql.score(model) if recomputed else "overall_score"} as {PROPOSED}
            from stored {parts if recomputed else ""}
        )
        select
            scored.*,
            {present_sql.band(model, PRESENT)} as {PRESENT}_band,
            {proposed_sql.band(model, PROPOSED)} as {PROPOSED}_band,
            outcomes.household_number, outcomes.is_active_7d, outcomes.days_to_left, outcomes.days_known
        from scored
        left join intermediate.int_health_outcomes as outcomes using (household_id, score_date)""",
        [model],
    )


def _must_be_built(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Raise Refusal unless the rules and the tables in the database are of one build."""
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
    for score, segment, band in fetch(
        connection,
        f"select distinct stored, segment, {PRESENT}_band from what_if"
        f" where {PRESENT}_band is distinct from segment order by all limit 1",
    ):
        raise Refusal(
            f"A score of {_or_unknown(score)} is stored as {_or_unknown(segment)} and the present bands of"
            f" {model} make it {_or_unknown(band)}: the bands were changed after the last build. {build}"
        )
    if without:
        raise Refusal(f"The database lacks the outcome of {without:,} of {rows:,} scores of {model}. {build}")


def _or_unknown(value: object) -> object:
    return UNKNOWN if value is None else value
