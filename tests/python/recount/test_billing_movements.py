"""Movements of MRR, changes of subscriptions, and churn that goes by subscriptions, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from recount.billing_company import Company

# By case: the versions (start, status, price, more), the movements by month, the changes by day.
CASES = {
    "new_expansion_contraction_churned_reactivation": (
        [
            ("01-15", "active", "m", {}),
            ("02-15", "active", "m", {"quantity": 3}),
            ("03-15", "active", "m", {"quantity": 2}),
            ("04-15", "canceled", "m", {}),
            ("06-15", "active", "m", {}),
        ],
        {
            "01": {"new": 20},
            "02": {"expansion": 40},
            "03": {"contraction": 20},
            "04": {"churned": 40},
            "06": {"reactivation": 20},
        },
        "Free_to_Premium seats_added seats_removed Premium_to_Free Free_to_Premium",
    ),
    "free_period": (
        [
            ("02-01", "active", "m", {}),
            ("05-10", "trialing", "m", {}),
            ("06-10", "active", "m", {}),
        ],
        {"02": {"new": 20}, "05": {"contraction": 20}, "06": {"expansion": 20}},
        "Free_to_Premium price_changed price_changed",
    ),
    "free_period_that_ends": (
        [("02-01", "active", "m", {}), ("05-10", "trialing", "m", {}), ("06-10", "canceled", "m", {})],
        # Paying stops in June, when nothing is left to lose.
        {"02": {"new": 20}, "05": {"contraction": 20}},
        "Free_to_Premium price_changed Premium_to_Free",
    ),
    "pause": (
        [
            ("02-01", "active", "m", {}),
            ("05-10", "active", "m", {"pause_collection_behavior": "void"}),
            ("06-10", "active", "m", {}),
        ],
        {"02": {"new": 20}, "05": {"churned": 20}, "06": {"reactivation": 20}},
        "Free_to_Premium price_changed price_changed",
    ),
    "pause_that_is_cancelled": (
        [
            ("02-01", "active", "m", {}),
            ("05-10", "active", "m", {"pause_collection_behavior": "void"}),
            ("06-10", "canceled", "m", {}),
        ],
        {"02": {"new": 20}, "05": {"churned": 20}},
        "Free_to_Premium price_changed",
    ),
    "trial": (
        [("02-01", "trialing", "m", {}), ("02-15", "trialing", "m", {}), ("03-20", "active", "m", {})],
        {"03": {"new": 20}},
        "trial_started trial_converted",
    ),
    "trial_that_expires": (
        [("02-01", "trialing", "m", {}), ("02-15", "canceled", "m", {})],
        {},
        "trial_started trial_expired",
    ),
    "mrr_unknown_for_a_while": (
        [("02-01", "active", "m", {}), ("03-10", "active", "tiers", {}), ("05-10", "active", "m", {})],
        {"02": {"new": 20}, "03": None, "04": None, "05": None},
        "Free_to_Premium price_changed price_changed",
    ),
    "plan_unknown_for_a_while": (
        [("02-01", "active", "m", {}), ("03-10", "active", "other", {}), ("05-10", "active", "m", {})],
        {"02": {"new": 20}, "03": {"expansion": 10}, "05": {"contraction": 10}},
        "Free_to_Premium",
    ),
    "one_change_a_day_the_plan_first": (
        [("02-01", "active", "m", {}), ("03-10", "active", "e", {"quantity": 2})],
        {"02": {"new": 20}, "03": {"expansion": 80}},
        "Free_to_Premium Premium_to_Enterprise",
    ),
    "seats_before_the_interval": (
        [
            ("02-01", "active", "m", {}),
            ("03-10", "active", "y", {"quantity": 2}),
            ("04-10", "active", "m", {"quantity": 2}),
        ],
        {"02": {"new": 20}, "04": {"expansion": 20}},
        "Free_to_Premium seats_added interval_changed",
    ),
    "a_day_with_two_changes_that_cancel_out": (
        [
            ("02-01", "active", "m", {}),
            ("03-10 08:00", "active", "e", {}),
            ("03-10 09:00", "active", "m", {}),
        ],
        {"02": {"new": 20}},
        "Free_to_Premium",
    ),
}


@pytest.fixture(scope="module")
def recounts(tmp_path_factory):
    """A household for each of them."""
    found = Company()
    found.add("stripe.product", id="prod_Other", name="Other")
    found.price("m")
    found.price("e", 5000, "Enterprise")
    found.price("y", 12000, recurring_interval="year")
    found.price("tiers", None, billing_scheme="tiered")
    found.price("other", 3000, "Other")
    for home, (versions, *_) in CASES.items():
        found.household(home)
        for start, status, price, more in versions:
            found.version(f"2024-{start}", status, price, home, **more)
    return found.recount(tmp_path_factory.mktemp("movements"))


@pytest.mark.parametrize("home", CASES)
def test_movements(recounts, home):
    """At most one a month; unknown with either end."""
    unknown = dict.fromkeys(("new", "expansion", "contraction", "churned", "reactivation"))
    expected = {month: unknown if moves is None else moves for month, moves in CASES[home][1].items()}
    assert recounts.movements(home) == expected


@pytest.mark.parametrize("home", CASES)
def test_changes(recounts, home):
    kinds = [kind for _, kind in recounts.changes(home)]
    assert " ".join(kinds) == CASES[home][2]


def test_movements_add_up(recounts):
    rows = recounts.tables["fct_mrr_movements"]
    rows = rows[rows["new"].notna()]
    gained = rows["new"] + rows["expansion"] + rows["reactivation"] - rows["contraction"] - rows["churned"]
    assert ((rows["mrr_opening"] + gained) == rows["mrr_closing"]).all()


def test_revenue_is_kept_by_payers_alone(recounts):
    """In May one has a free period and another a pause: only the pause is a lost payer."""
    row = recounts.count().execute(
        "select numerator, denominator from recount.counts where metric = 'logo_churn_rate'"
        " and grain = 'month' and first_day = date '2024-05-01' and segment = 'all'"
    )
    lost, payers = row.fetchone()
    still = [home for home in CASES if recounts.on("2024-04-30", home).paying]
    gone = [home for home in still if not recounts.on("2024-05-31", home).paying]
    assert (lost, payers) == (len(gone), len(still))
    assert gone == ["pause", "pause_that_is_cancelled"]


def test_seats_of_several_subscriptions_are_summed(tmp_path):
    """A second one of the same plan adds its seats; a trial beside a paid one changes nothing."""
    found = Company()
    found.household()
    found.price("m")
    found.version("2024-01-15", id="a", quantity=2)
    found.version("2024-02-15", id="b", quantity=3)
    found.version("2024-03-15", "trialing", id="c", quantity=9)
    found.version("2024-04-15", "canceled", id="a")
    recounts = found.recount(tmp_path)
    assert recounts.changes() == [
        ("01-15", "Free_to_Premium"),
        ("02-15", "seats_added"),
        ("04-15", "seats_removed"),
    ]


def test_months_with_an_unknown_end_have_a_row(tmp_path):
    """Paying since February, and nobody knows how much."""
    found = Company()
    found.household()
    found.price("tiers", None, billing_scheme="tiered")
    found.version("2024-02-15", price="tiers")
    rows = found.recount(tmp_path, date(2024, 4, 10)).tables["fct_mrr_movements"]
    assert [month.month for month in rows["month_start"]] == [2, 3, 4]
    assert [*rows["mrr_opening"]] == [0, None, None]
    assert [*rows["mrr_closing"]] == [None, None, None]
    assert rows[["new", "expansion", "contraction", "churned", "reactivation"]].isna().all(axis=None)


# ---------------------------------------------------------------------------- without any events


@pytest.fixture(scope="module")
def without_events(tmp_path_factory):
    found = Company(events=False)
    del found.rows["app.household_members"]
    found.price("m")
    for home, closed in {
        "never": None,
        "paid": None,
        "back": None,
        "trial": None,
        "closed": "2024-05-05",
    }.items():
        found.household(home, closed_at=closed)
    found.version("2024-01-15", home="paid")
    found.version("2024-04-10", "canceled", home="paid")
    found.version("2024-01-15", home="back")
    found.version("2024-04-10", "canceled", home="back")
    found.version("2024-06-10", home="back")
    found.version("2024-01-15", "trialing", home="trial")
    found.version("2024-02-15", "canceled", home="trial")
    return found.recount(tmp_path_factory.mktemp("silent"))


def test_churn_goes_by_closing_and_subscriptions(without_events):
    """No dark spells: who never paid stays, and a trial that ends is none."""
    spells = without_events.tables["fct_churn_events"].to_dict("records")
    shown = {
        row["household_id"]: (row["churn_type"], str(row["churned_at"].date()), str(row["left_at"].date()))
        for row in spells
    }
    assert shown == {
        "paid": ("lapsed", "2024-04-10", "2024-04-10"),
        "back": ("lapsed", "2024-04-10", "2024-04-10"),
        "closed": ("closed", "2024-05-05", "2024-05-05"),
    }
    homes = without_events.tables["dim_households"].set_index("household_id")
    assert [home for home in homes.index if homes.loc[home, "is_active"]] == ["never", "back", "trial"]
    assert str(homes.loc["back", "reactivated_at"].date()) == "2024-06-10"


def test_customers_without_events_in_sql(without_events):
    """The same spells, as those in which a household is a customer."""
    rows = without_events.count().execute(
        "select household_id, from_day::varchar, to_day::varchar from recount.customer_spells"
        " inner join recount.households using (home) order by all"
    )
    assert rows.fetchall() == [
        ("back", "2024-01-01", "2024-04-09"),
        ("back", "2024-06-10", "9999-12-30"),
        ("closed", "2024-01-01", "2024-05-04"),
        ("never", "2024-01-01", "9999-12-30"),
        ("paid", "2024-01-01", "2024-04-09"),
        ("trial", "2024-01-01", "9999-12-30"),
    ]
