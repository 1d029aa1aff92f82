"""Properties of the scores, on the SQL that the build ran: made-up metrics in, scores out.

The compiled SQL of a model of the built warehouse is run on tables of one household per example, so that
the rule of the seeds is tested, not a copy of it.
"""

from __future__ import annotations

import re
from fractions import Fraction

import duckdb
import pytest
from harness import Sandbox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_success.recount.households.rules import Rules as ProjectRules
from customer_success.recount.households.scorecards import overall_score
from customer_success.recount.households.scoring import Part

HOUSEHOLDS = 25  # made up in each example, and scored by one query
SCORE_DATE = "date '2026-06-28'"
QUIET = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
counts, flags = st.integers(0, 60), st.integers(0, 1)
hours = st.sampled_from([0.0, 23.9, 24.0, 24.1, 48.0, 48.1, 200.0])
ratings = st.sampled_from([1.0, 2.9, 3.0, 3.9, 4.0, 4.4, 4.5, 5.0])
points = st.integers(0, 1000).map(lambda n: n / 10)
# Unknown only together with their source, and then the part is.
ALWAYS_KNOWN = {
    "tickets_30",
    "critical_tickets_30",
    "tickets_90",
    "unresolved_critical_tickets",
    "days_since_signup",
}

# Per part: the tables it reads and their metrics; which metrics are better when more, which when less.
PARTS = {
    "product_usage": {
        "int_household_score_dates": {"member_count": st.integers(1, 9)},
        "int_activity_at_score_dates": {
            "active_member_days_7": counts,
            "tasks_7": counts,
            "app_opens_7": counts,
        },
        "int_members_at_score_dates": {"pet_active_7": flags},
    },
    "support_health": {
        "int_tickets_at_score_dates": {
            "tickets_30": st.integers(0, 12),
            "critical_tickets_30": st.integers(0, 4),
            "mean_resolution_hours_30": hours,
        },
        "int_surveys_at_score_dates": {"mean_csat_of_tickets_30": ratings},
    },
    "support_engagement": {
        "int_tickets_at_score_dates": {
            "tickets_90": st.integers(0, 20),
            "unresolved_critical_tickets": st.integers(0, 6),
            "mean_resolution_hours_90": hours,
        },
        "int_surveys_at_score_dates": {"mean_csat_90": ratings},
        "int_contact_at_score_dates": {"had_contact_90": flags},
    },
    "engagement": {
        "int_activity_at_score_dates": {
            "login_days_7": st.integers(0, 7),
            "login_days_30": st.integers(0, 30),
            "mean_session_minutes_30": hours,
        },
        "int_features_at_score_dates": {"features_used_30": st.integers(0, 13)},
    },
    "value_delivery": {
        "int_household_score_dates": {"days_since_signup": st.integers(0, 400)},
        "int_activity_at_score_dates": {"tasks_30": counts, "tasks_prev_30": counts},
        "int_collaboration_at_score_dates": {"collaboration": points},
        "int_features_at_score_dates": {"features_first_used_90": st.integers(0, 13)},
        "int_care_at_score_dates": {"pets_added_90": counts, "care_rate_change": st.integers(-1, 1)},
    },
}
MORE_IS_BETTER = [
    ("product_usage", "active_member_days_7"),
    ("product_usage", "tasks_7"),
    ("product_usage", "app_opens_7"),
    ("product_usage", "pet_active_7"),
    ("support_health", "mean_csat_of_tickets_30"),
    ("engagement", "login_days_7"),
    ("engagement", "login_days_30"),
    ("engagement", "mean_session_minutes_30"),
    ("engagement", "features_used_30"),
    ("value_delivery", "tasks_30"),
    ("value_delivery", "collaboration"),
    ("value_delivery", "features_first_used_90"),
    ("value_delivery", "pets_added_90"),
]
LESS_IS_BETTER = [
    ("support_health", "tickets_30"),
    ("support_health", "critical_tickets_30"),
    ("support_health", "mean_resolution_hours_30"),
    ("support_engagement", "unresolved_critical_tickets"),
    ("support_engagement", "mean_resolution_hours_90"),
]


class Rules:
    """Runs the compiled SQL of health models on tables made up here."""

    def __init__(self, warehouse: Sandbox):
        compiled = warehouse.folder / "target" / "compiled" / "customer_success"
        self.models = compiled / "models" / "intermediate" / "health"
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as working; create schema working.intermediate")

    def sql(self, model: str) -> str:
        """The SQL of a model as the full build ran it: for all score dates."""
        text = (self.models / f"{model}.sql").read_text()
        return re.sub(r"date '\d{4}-\d{2}-\d{2}'", "date '1900-01-01'", text)

    def run(self, model: str, households: list[dict[str, dict]], column: str) -> list:
        """The column of each household; a household is its metrics by table."""
        for table in households[0]:
            rows = [
                ", ".join(
                    [f"{number} as household_id", f"{SCORE_DATE} as score_date"]
                    + [f"{'null' if v is None else v} as {k}" for k, v in tables[table].items()]
                )
                for number, tables in enumerate(households)
            ]
            self.connection.execute(
                f"create or replace table working.intermediate.{table} as select "
                + " union all by name select ".join(rows)
            )
        found = self.connection.execute(f"select {column} from ({self.sql(model)}) order by household_id")
        return [value for (value,) in found.fetchall()]

    def part(self, part: str, households: list[dict[str, dict]]) -> list:
        return self.run(f"int_health_{part}", households, part)


@pytest.fixture(scope="module")
def rules(warehouse) -> Rules:
    return Rules(warehouse)


def many(strategy):
    return st.lists(strategy, min_size=HOUSEHOLDS, max_size=HOUSEHOLDS)


def metrics_of(part: str):
    def maybe(name, known):
        return known if name in ALWAYS_KNOWN else st.one_of(st.none(), known)

    tables = {t: {name: maybe(name, s) for name, s in m.items()} for t, m in PARTS[part].items()}
    return st.fixed_dictionaries({t: st.fixed_dictionaries(m) for t, m in tables.items()})


def with_metric(tables: dict, name: str, value) -> dict:
    return {t: m | ({name: value} if name in m else {}) for t, m in tables.items()}


@pytest.mark.parametrize("part", PARTS)
def test_part_stays_on_its_scale(rules, part):
    @QUIET
    @given(many(metrics_of(part)))
    def check(households):
        assert all(score is None or 0 <= score <= 100 for score in rules.part(part, households))

    check()


@pytest.mark.parametrize(("part", "metric"), MORE_IS_BETTER + LESS_IS_BETTER)
def test_more_of_a_good_thing_never_lowers_a_part(rules, part, metric):
    table = next(t for t, m in PARTS[part].items() if metric in m)
    values = PARTS[part][table][metric]

    @QUIET
    @given(many(st.tuples(metrics_of(part), values, values)))
    def check(drawn):
        less = rules.part(part, [with_metric(tables, metric, min(pair)) for tables, *pair in drawn])
        more = rules.part(part, [with_metric(tables, metric, max(pair)) for tables, *pair in drawn])
        better, worse = (more, less) if (part, metric) in MORE_IS_BETTER else (less, more)
        for high, low in zip(better, worse, strict=True):
            assert (high is None) == (low is None)
            assert high is None or high >= low

    check()


@pytest.mark.parametrize(
    ("part", "metric", "worst"),
    [
        ("support_health", "mean_csat_of_tickets_30", 1.0),
        ("support_health", "mean_resolution_hours_30", 200.0),
        ("support_engagement", "mean_csat_90", 1.0),
        ("support_engagement", "mean_resolution_hours_90", 200.0),
        ("support_engagement", "had_contact_90", 0),
        ("value_delivery", "tasks_30", 0),
        ("value_delivery", "collaboration", 0.0),
    ],
)
def test_unknown_is_never_worse_than_the_worst_answer(rules, part, metric, worst):
    @QUIET
    @given(many(metrics_of(part)))
    def check(households):
        unknown = rules.part(part, [with_metric(tables, metric, None) for tables in households])
        answered = rules.part(part, [with_metric(tables, metric, worst) for tables in households])
        for silent, angry in zip(unknown, answered, strict=True):
            assert silent is None or angry is None or silent >= angry

    check()


NAMES = [
    "product_usage",
    "feature_adoption",
    "support_health",
    "support_engagement",
    "engagement",
    "payment",
    "value_delivery",
    "premium_adoption",
]
SCORES = {"guide_score": "guide_v1", "value_score": "value_v2"}
RECOUNT = ProjectRules.read().health


def recounted(parts: dict, model: str) -> int | None:
    """The score by the recount, in fractions."""
    unknown = Part(None, Fraction(0))
    values = {
        part: unknown if parts[part] is None else Part(Fraction(str(parts[part])), Fraction(1))
        for part in RECOUNT.weights[model]
    }
    return overall_score(values, RECOUNT.weights[model], RECOUNT.least_known)[0]


@pytest.mark.parametrize(("score", "model"), SCORES.items())
def test_score_is_the_exact_weighted_mean_rounded_once(rules, score, model):
    """Also on and next to the halves that floating point gets wrong."""

    @QUIET
    @given(many(st.fixed_dictionaries({name: st.one_of(st.none(), points) for name in NAMES})))
    def check(drawn):
        households = []
        for parts in drawn:
            tables = {f"int_health_{name}": {name: value} for name, value in parts.items()}
            tables["int_household_score_dates"] = {}
            tables["int_health_value_delivery"]["tasks_trend"] = None
            tables["int_health_premium_adoption"]["level_from"] = None
            households.append(tables)
        assert rules.run("int_health_parts", households, score) == [recounted(p, model) for p in drawn]

    check()
