"""What moves a prediction from one day to another: in steps of a day, by a feature, and how often."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from churn_panels import BANDS, FAST, SPEC, panel

from customer_success.churn.candidates import OverTheDay, gradient_boosting
from customer_success.churn.fit import fit
from customer_success.churn.movement import LIVE, movement, stability
from customer_success.churn.score import score

SETTINGS = replace(FAST, candidates=("gradient_boosting",), trees=60)
PANEL = panel(500, 8, seed=3)
LAST = PANEL["snapshot_date"] == PANEL["snapshot_date"].max()
NOW = PANEL[LAST].drop(columns=["churned_next_30d", "days_to_left"])
EARLIER = NOW.assign(snapshot_date=pd.Timestamp("2025-07-13"))


@pytest.fixture(scope="module")
def model():
    return fit(PANEL, SPEC, SETTINGS).candidates["gradient_boosting"].model


def moved(model, earlier=EARLIER, now=NOW) -> pd.DataFrame:
    customers = now.drop(columns="snapshot_date")
    return movement(model, earlier, customers, SPEC, SETTINGS).set_index("household_id")


def probability(model, customers: pd.DataFrame) -> np.ndarray:
    return score(model, customers, SPEC, BANDS)["churn_probability"].to_numpy(dtype=float)


def test_a_cut_of_trees_takes_two_days():
    days = np.repeat(np.arange(20.0), 60)
    table, label = pd.DataFrame({"silent": days}), (days >= 9).astype(int)
    one = gradient_boosting(7, 50)
    plain = OverTheDay(one, ()).fit(table, label)
    smooth = OverTheDay(one, (("silent", 1), ("no_column", 1))).fit(table, label)
    asked = pd.DataFrame({"silent": np.arange(20.0)})
    step = np.abs(np.diff(plain.decision_function(asked))).max()
    assert np.abs(np.diff(smooth.decision_function(asked))).max() == pytest.approx(step / 2)


def test_silence_moves_the_model_of_the_project_by_the_clock():
    names = dict(SPEC.clocks)
    assert names["days_since_last_login"] == names["days_since_last_activity"] == 1
    assert names["days_until_renewal"] == -1


def test_the_feature_that_changed_is_named(model):
    silent = EARLIER.assign(days_since_last_activity=0.0), NOW.assign(days_since_last_activity=30.0)
    found = moved(model, *silent)
    now = probability(model, silent[1])
    change = now - found["previous_probability"].to_numpy(dtype=float)
    assert (found["changed_by"].dropna() == "days_since_last_activity").all()
    assert (found["changed_by"].notna().to_numpy() == (np.abs(change) >= SETTINGS.least_change)).all()
    assert found["changed_by"].notna().any() and (found["previous_scored_as_of"] == "2025-07-13").all()


def test_what_goes_the_other_way_is_not_named(model):
    """Silence raises the risk, although the usage that rises at once would lower it."""
    earlier = EARLIER.assign(days_since_last_activity=0.0, usage_trend=-1.0)
    now = NOW.assign(days_since_last_activity=30.0, usage_trend=1.0)
    found = moved(model, earlier, now)
    risen = probability(model, now)
    rises = risen - found["previous_probability"].to_numpy(dtype=float) >= SETTINGS.least_change
    assert rises.any() and (found.loc[rises, "changed_by"] == "days_since_last_activity").all()


def test_nothing_is_named_where_little_changed_or_nothing_was_known(model):
    assert moved(model)["changed_by"].isna().all()
    assert set(moved(model, EARLIER.head(10)).index) <= set(EARLIER.head(10)["household_id"])
    assert moved(model, EARLIER.head(0)).empty and moved(None).empty and moved(model, None).empty


def test_an_earlier_table_of_two_dates_is_refused(model):
    two = pd.concat([EARLIER.head(3), EARLIER.tail(3).assign(snapshot_date=pd.Timestamp("2025-07-06"))])
    with pytest.raises(ValueError, match="of 2 dates"):
        moved(model, two)


def test_stability_counts_unchanged_segments():
    predictions = pd.DataFrame(
        {
            "churn_risk_segment": ["Low Risk", "Low Risk", "High Risk", "Low Risk"],
            "previous_probability": [0.15, 0.16, 0.55, None],
            "previous_scored_as_of": ["2026-06-28"] * 3 + [None],
        }
    )
    row = stability(predictions, BANDS, SETTINGS).iloc[0]
    assert (row["split"], row["n"], row["positives"]) == (LIVE, 3, 2)
    assert row["value"] == pytest.approx(2 / 3) and row["ci_low"] == pytest.approx(0.2077, abs=1e-4)
    assert row["note"] == "since 2026-06-28; 1 unknown: not scored then"
    assert stability(predictions.tail(1), BANDS, SETTINGS).empty
