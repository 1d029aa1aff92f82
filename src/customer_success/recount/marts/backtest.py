"""The back-test of scores: figures of the run as the marts show them; rows, leavers and AUC again."""

from __future__ import annotations

from collections.abc import Iterator

from .held import Held
from .summed import Build

GROUP = ("health_model", "horizon_days", "population", "sample")
# Column of rpt_health_backtest: the measure and the field of the run.
FIGURES = {
    "auc": ("auc", "value"),
    "auc_ci_low": ("auc", "ci_low"),
    "auc_ci_high": ("auc", "ci_high"),
    "lift_worst_decile": ("lift_worst_decile", "value"),
    "lift_ci_low": ("lift_worst_decile", "ci_low"),
    "lift_ci_high": ("lift_worst_decile", "ci_high"),
    "auc_against_primary": ("auc_against_primary", "value"),
    "auc_against_primary_ci_low": ("auc_against_primary", "ci_low"),
    "auc_against_primary_ci_high": ("auc_against_primary", "ci_high"),
    "auc_against_primary_p_value": ("auc_against_primary", "p_value"),
}
COUNTS = {"n": "n", "churned": '"left"', "reason": "reason"}
RUN = "intermediate.ml_health_backtest"


def backtest(build: Build) -> Iterator[Held]:
    """Return what the two marts of the back-test must have."""
    group = ", ".join(GROUP)
    columns = [
        f"max({field}) filter (where measure = '{measure}' and not isnan({field})) as {name}"
        for name, (measure, field) in FIGURES.items()
    ]
    columns += [f"max({field}) filter (where measure = 'auc') as {name}" for name, field in COUNTS.items()]
    yield Held(
        "rpt_health_backtest",
        GROUP,
        f"select {group}, {', '.join(columns)} from {RUN} where measure <> 'band_rate' group by all",
    )
    yield Held(
        "rpt_health_backtest_bands",
        (*GROUP, "band"),
        f'select {group}, band, n, "left" as left_count, if(isnan(value), null, value) as rate,'
        " if(isnan(ci_low), null, ci_low) as ci_low, if(isnan(ci_high), null, ci_high) as ci_high, reason"
        f" from {RUN} where measure = 'band_rate'",
    )
    yield _areas(build)


def _areas(build: Build) -> Held:
    """The chance that a household that left had a lower score than one that stayed, ties counted half.

    By the mean ranks of those who left (Mann and Whitney 1947), over all customers.
    """
    given = "population = 'all' and auc is not null"
    group = "health_model, horizon_days, sample"
    return Held(
        "rpt_health_backtest",
        GROUP,
        f"""
        with scored as (
            select *, count(overall_score) over (partition by household_id, score_date)
                = count(*) over (partition by household_id, score_date) as has_all
            from analytics.fct_health_scores
        ),
        watched as (
            select {group}, overall_score as score, exists (
                from analytics.fct_churn_events as spells where spells.household_id = scored.household_id
                and churned_at > score_date and left_at <= score_date + horizon_days::integer) as has_left
            from scored cross join (select distinct horizon_days, sample from {RUN})
            where overall_score is not null and (sample = 'own' or has_all)
                and score_date + horizon_days::integer + {build.rules.silent_days} <= date '{build.as_of}'
        ),
        ranked as (
            select *, rank() over (partition by {group} order by score desc)
                + (count(*) over (partition by {group}, score) - 1) / 2.0 as mean_rank
            from watched
        ),
        summed as (
            select {group}, count(*) as n, count(*) filter (where has_left) as churned,
                sum(mean_rank) filter (where has_left) as ranks
            from ranked group by all
        )
        select {group}, 'all' as population, n, churned,
            (ranks - churned * (churned + 1) / 2.0) / nullif(churned * (n - churned), 0) as auc
        from summed
        where ({group}) in (select ({group}) from analytics.rpt_health_backtest where {given})
        """,
        where=given,
    )
