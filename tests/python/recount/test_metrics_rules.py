"""With another seed or var the recount counts by the new rule, against numbers worked out by hand."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from customer_success.building.candidate import project_variables
from customer_success.recount.metrics.rules import Rules

from .company import Company
from .rules_by_hand import SEEDS, rules

REPOSITORY = Path(__file__).resolve().parents[3]


def adopter() -> Company:
    """Two features that count and a core one; a paid plan whose product is called Gold."""
    company = Company()
    company.household("h", seen=("2026-06-20",))
    for feature in ("reminders", "calendar_sync", "add_pet"):
        company.event("h", "2026-06-15", feature=feature)
    company.add("raw_kept.stripe__product", id="gold_product", name="Gold")
    company.add(
        "raw_kept.stripe__price",
        id="gold",
        product_id="gold_product",
        currency="usd",
        unit_amount=700,
        recurring_interval="month",
        recurring_interval_count=1,
    )
    company.pays("h", "gold", "2026-02-01")
    return company


def test_seeds_and_vars_of_the_build_are_read(tmp_path):
    """The project's own seeds, but for a plan whose product has another name; its own vars, but for one."""
    seeds = Path(shutil.copytree(REPOSITORY / "seeds" / "rules", tmp_path / "rules"))
    with (seeds / "billing" / "plans.csv").open(encoding="utf-8", newline="") as file:
        plans = list(csv.DictReader(file))
    top = max(plans, key=lambda plan: int(plan["plan_rank"]))
    top |= {"plan_type": "Golden", "stripe_product_name": "Gold"}
    with (seeds / "billing" / "plans.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(top))
        writer.writeheader()
        writer.writerows(plans)
    settings = project_variables(REPOSITORY)
    company = adopter().count(rules=Rules.read(settings | {"adoption_min_features": 2}, seeds))
    assert company.of("mrr", segment="Golden") == (7, None, 1, 0)
    assert company.of("feature_adoption_rate") == (1, 1, 1, 0)
    company = adopter().count(rules=Rules.read(settings | {"adoption_min_features": 3}))
    assert company.of("mrr", segment="Golden") is None
    assert company.of("feature_adoption_rate") == (0, 1, 1, 0)


def test_a_rule_that_is_missing_stops_the_recount(tmp_path):
    settings = project_variables(REPOSITORY)
    with pytest.raises(KeyError, match="adoption_days"):
        Rules.read({name: value for name, value in settings.items() if name != "adoption_days"})
    with pytest.raises(FileNotFoundError, match=r"plans\.csv"):
        Rules.read(settings, tmp_path)


def test_the_plan_of_a_product_that_no_rule_knows_is_unknown():
    company = adopter().count()
    assert company.of("mrr", segment="unknown") == (7, None, 1, 0)


def test_plans_of_one_rank_stay_two():
    plans = "plan_type,plan_rank,stripe_product_name\nFree,0,\nGolden,1,Gold\nPremium,1,Premium"
    company = adopter()
    company.household("other")
    company.pays("other", "ten", "2026-02-01")
    company.count(rules=rules(plans=plans))
    assert company.of("mrr", segment="Golden") == (7, None, 1, 0)
    assert company.of("mrr", segment="Premium") == (10, None, 1, 0)
    assert company.of("mrr") == (17, None, 2, 0)


def test_a_product_of_two_plans_is_paid_for_once():
    plans = "plan_type,plan_rank,stripe_product_name\nFree,0,\nGolden,1,Gold\nGold Plus,2,Gold"
    assert adopter().count(rules=rules(plans=plans)).of("mrr") == (7, None, 1, 0)


def test_a_status_or_an_interval_means_what_its_seed_says():
    company = Company()
    company.household("trying")
    company.pays("trying", "ten", "2026-02-01", status="trialing")
    company.household("weekly")
    company.pays("weekly", "week", "2026-02-01")
    settings = rules(
        subscription_statuses="status,is_in_force,is_paying\ntrialing,true,true\nactive,true,true",
        billing_intervals="billing_interval,months_numerator,months_denominator\nmonth,1,1\nweek,4,1",
    )
    assert company.count(rules=settings).of("mrr") == (10 + 4 * 2.99, None, 2, 0)


def test_currencies_without_cents_are_those_of_the_var():
    company = Company()
    company.household("h")
    company.pays("h", "ten", "2026-02-01")
    assert company.count(rules=rules({"zero_decimal_currencies": ["usd"]})).of("mrr") == (1000, None, 1, 0)


def test_days_of_silence_are_those_of_the_var():
    for days, churned in ((36, 1), (37, 0)):
        company = Company()
        company.household("h", "2026-04-20", seen=("2026-05-25",))
        company.count(rules=rules({"churn_inactivity_days": days}))
        assert company.of("household_churn_rate") == (churned, 1, 1, 0)


@pytest.mark.parametrize(
    ("variables", "seeds", "adopting"),
    [
        ({"adoption_min_features": 2}, {}, 1),
        ({}, {}, 0),
        ({"adoption_min_features": 2, "adoption_days": 15}, {}, 0),  # 16 to 30 June: used on the 15th
        ({}, {"features": SEEDS["features"].replace("add_pet,core", "add_pet,premium")}, 1),
        ({}, {"event_features": "event_name,feature_name\napp_open,notifications"}, 1),
    ],
)
def test_adoption_follows_the_catalogue_and_its_vars(variables, seeds, adopting):
    company = adopter().count(rules=rules(variables, **seeds))
    assert company.of("feature_adoption_rate") == (adopting, 1, 1, 0)


def test_a_catalogue_may_be_long_or_empty():
    names = [f"feature_{number}" for number in range(200)]
    catalogue = "\n".join(["feature_name,tier", *(f"{name},premium" for name in names)])
    company = Company()
    company.household("h", seen=("2026-06-20",))
    for name in names:
        company.event("h", "2026-06-15", feature=name)
    company.count(rules=rules({"adoption_min_features": 200}, features=catalogue))
    assert company.of("feature_adoption_rate") == (1, 1, 1, 0)
    assert adopter().count(rules=rules(features="feature_name,tier")).of("feature_adoption_rate") == (
        0,
        1,
        1,
        0,
    )


def test_answers_lie_in_the_bands_of_the_seed():
    """9 is no promoter any more, 5 a passive, and 2 in no band, so it is unknown."""
    company = Company()
    for home, score in {"a": 10, "b": 9, "c": 5, "d": 2, "e": 3}.items():
        company.household(home)
        company.answer(home, "NPS", score, "2026-06-10")
    bands = "category,min_score,max_score\nDetractor,3,4\nPassive,5,9\nPromoter,10,10"
    assert company.count(rules=rules(nps_categories=bands)).of("nps") == (0, 4, 4, 1)


def test_bands_are_those_of_the_primary_scorecard():
    company = Company()
    company.household("h", "2026-06-20", seen=("2026-06-25",))
    company.score("h", "2026-06-30", 75)
    bands = (
        SEEDS["health_bands"].replace("Healthy,80,100", "Healthy,70,100").replace("Risk,60,79", "Risk,60,69")
    )
    company.count(rules=rules(health_bands=bands))
    assert company.of("healthy_share") == (1, 1, 1, 0)
    assert company.of("at_risk_share") == (0, 1, 1, 0)


def test_a_band_that_the_scorecard_lacks_is_unknown():
    company = Company()
    company.household("h", "2026-06-20", seen=("2026-06-25",))
    company.score("h", "2026-06-30", 75)
    company.count(rules=rules({"primary_health_model": "grades"}))
    assert company.of("healthy_share") == (None, 1, 1, 0)
    assert company.of("avg_health_score") == (75, 1, 1, 0)


@pytest.mark.parametrize(
    ("tags", "hours"),
    [
        ("blocker", 2),
        ("blocker bug", 2),
        ("sev:High impact_low", 24),
        ("urgency_low sev:High impact_low", 24),  # the highest of one dimension counts
        ("sev:Unheard_of impact_low", 48),  # one level missing: both are assumed
        ("impact_low", 48),
        (None, 48),
    ],
)
def test_promises_follow_tags_levels_priorities_and_hours(tags, hours):
    """A ticket solved at the hour promised has met it, and a microsecond later has not."""
    settings = rules(
        ticket_tags="tag_pattern,dimension,value\nblocker,urgency,Top\nurgency_low,urgency,Low\nsev:*,urgency,"
        "\nimpact_low,impact,Low\nblocker*,impact,Top",
        ticket_levels="level,level_rank\nTop,4\nHigh,3\nLow,1",
        ticket_priorities="urgency,impact,priority\nTop,Top,now\nHigh,Low,soon\nLow,Low,later"
        "\nAssumed,Assumed,usual",
        ticket_slas="priority,resolution_sla_hours\nnow,2\nsoon,24\nusual,48\nlater,240",
    )
    company = Company()
    company.household("h")
    opened, day, hour = "2026-06-02 00:00", 2 + hours // 24, hours % 24
    moment = f"2026-06-{day:02} {hour:02}:00:00"
    company.ticket("in_time", opened, tags=tags, solved=moment)
    company.ticket("late", opened, tags=tags, solved=f"{moment}.000001")
    company.count(rules=settings)
    assert company.of("sla_met_rate", ("month", date(2026, 6, 1))) == (1, 2, 2, 0)
