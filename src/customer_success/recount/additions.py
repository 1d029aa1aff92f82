"""Whether each row of scores adds up: known weight, score and segment follow from the parts in their row."""

from __future__ import annotations

from fractions import Fraction

import duckdb

from .households.health_rules import HealthRules

F = Fraction
COLUMNS = {"support_health": "support", "support_engagement": "support"}
# Parts are stored with six decimals, so a score before rounding is known to six decimals.
CLOSE = "0.50001"


def wrong_additions(connection: duckdb.DuckDBPyConnection, rules: HealthRules) -> list[str]:
    """Return what does not add up in rows of fct_health_scores, a sentence per scorecard and kind."""
    found = []
    for model in rules.weights:
        found += _wrong_scores(connection, model, rules)
        found += _wrong_weights(connection, model, rules)
    return found


def column_of(part: str) -> str:
    """Return the column of fct_health_scores of a part."""
    return f"{COLUMNS.get(part, part)}_score"


def reachable(model: str, known: tuple[str, ...], rules: HealthRules) -> set[Fraction]:
    """Return each known weight that a row with exactly these known parts can have.

    A part of lines is known to the weight of its known metrics; any other part is known or unknown.
    """
    totals = {F(0)}
    for part in known:
        lines = rules.lines.get((model, part))
        some = {F(1)} if lines is None else _sums([line.weight for line in lines]) - {F(0)}
        totals = {total + rules.weights[model][part] * share for total in totals for share in some}
    return totals


def _sums(weights: list[Fraction]) -> set[Fraction]:
    sums = {F(0)}
    for weight in weights:
        sums |= {total + weight for total in sums}
    return sums


def _wrong_weights(connection: duckdb.DuckDBPyConnection, model: str, rules: HealthRules) -> list[str]:
    parts = list(rules.weights[model])
    flags = ", ".join(f"{column_of(part)} is not null as {part}" for part in parts)
    rows = connection.execute(
        f"select {', '.join(parts)}, known_weight, count(*), min((household_id, score_date))"
        f" from (select *, {flags} from analytics.fct_health_scores where health_model = ?) group by all"
        f" order by all",
        [model],
    ).fetchall()
    for *known, weight, count, (household, score_date) in rows:
        named = tuple(part for part, there in zip(parts, known, strict=True) if there)
        possible = {round(float(value), 6) for value in reachable(model, named, rules)}
        if weight is None or float(weight) not in possible:
            return [
                f"known_weight of {model} is {weight} for household {household} on {score_date}, which no"
                f" metrics of its known parts ({', '.join(named) or 'none'}) add up to; all of them weigh"
                f" {float(sum(rules.weights[model][part] for part in named)):g}. {count} rows are wrong."
            ]
    return []


def _wrong_scores(connection: duckdb.DuckDBPyConnection, model: str, rules: HealthRules) -> list[str]:
    """Compare score and segment of all rows with those that parts, weights and bands give."""
    weights = {column_of(part): float(weight) for part, weight in rules.weights[model].items()}
    flag = "case when {} is null then 0 else {} end"
    total = " + ".join(f"coalesce({column}, 0) * {weight}" for column, weight in weights.items())
    known = " + ".join(flag.format(column, weight) for column, weight in weights.items())
    bands = " ".join(
        f"when overall_score >= {float(least)} then '{name}'" for least, name in rules.bands[model]
    )
    rows = connection.execute(
        f"""
        with expected as (
            select
                household_id, score_date, overall_score, segment, known_weight,
                ({total}) / nullif({known}, 0) as raw_score,
                case {bands} end as band
            from analytics.fct_health_scores where health_model = ?
        )
        select household_id, score_date, overall_score, raw_score, segment, band, count(*) over () as wrong
        from expected
        where (overall_score is null) <> (known_weight < {float(rules.least_known)} or raw_score is null)
            or abs(overall_score - raw_score) > {CLOSE}
            or segment is distinct from band
        order by household_id, score_date limit 1
        """,
        [model],
    ).fetchall()
    return [
        f"{model} of household {household} on {score_date} is {score} ({segment}); its parts give"
        f" {'nothing' if raw is None else f'{raw:.6g}'} ({band}). {wrong} rows do not add up."
        for household, score_date, score, raw, segment, band, wrong in rows
    ]
