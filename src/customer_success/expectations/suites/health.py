"""Health: weights that sum to 1, parts recomputed household by household, scores held against what happened."""

from ..check import Check, Suite
from ..health_parts import compare_sample

WEIGHTS = """
select health_model as item, sum(weight) as observed, 1 as expected from rules.health_parts group by 1
union all
select health_model || ', in force', sum(value), 1 from analytics.dim_health_rules
where rule_set = 'health_parts' group by health_model
"""

# Outcomes within 30 days are known 30 more days later: so many scores are there to be judged by them.
CALIBRATED = """
with scores as (
    select count(*) as n, max(score_date) as latest
    from analytics.fct_health_scores
    where health_model = 'value_v2' and overall_score is not null and score_date + 60 <= as_of()
        and extract(isodow from score_date) = 7
)
select 'scores judged' as item, coalesce(b.n, 0) as observed, scores.n as expected
from scores left join analytics.rpt_health_backtest as b on b.health_model = 'value_v2' and b.horizon_days = 30
    and b.population = 'all' and b.sample = 'own'
union all
select 'days beyond a month since the latest judged score could be', 0,
    greatest(as_of() - 60 - latest - 31, 0) from scores where latest is not null
"""

RANKED = """
select band || ' leaves at ' || round(rate, 4) || ', the band above at ' || round(above, 4) as item,
    rate - above as observed
from (
    select band, rate, lag(rate) over (order by min_score desc) as above
    from analytics.rpt_health_backtest_bands inner join rules.health_bands using (health_model, band)
    where health_model = 'value_v2' and horizon_days = 30 and population = 'all' and sample = 'own'
)
where above is not null
"""

SUITE = Suite(
    "health",
    (
        Check(
            "weights_sum_to_one",
            "rules.health_parts",
            "agree",
            "The weights of each scorecard sum to 1",
            "rules.health_parts and what analytics.dim_health_rules says of it",
            WEIGHTS,
            tolerance=1e-9,
        ),
        Check(
            "parts_are_what_their_formulas_give",
            "analytics.fct_health_scores",
            "agree",
            "Parts and score of value_v2, for households drawn at random, are those computed by hand",
            "staging, by plain functions over a household's rows (health_parts.py)",
            compare_sample,
            tolerance=1e-6,
        ),
        Check(
            "judged_by_all_outcomes_that_are_known",
            "analytics.rpt_health_backtest",
            "agree",
            "The back-test judges each score whose outcome is known, up to within a month of the last that can be",
            "scores counted in analytics.fct_health_scores",
            CALIBRATED,
        ),
        Check(
            "lower_bands_leave_more",
            "analytics.rpt_health_backtest_bands",
            "between",
            "Share that leaves within 30 days: each band's is at least that of the band above",
            "the bands of the back-test",
            RANKED,
            bounds=(0, None),
            warns=True,
        ),
    ),
)
