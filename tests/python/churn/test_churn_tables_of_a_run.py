"""A run as the build makes it: tables of plain values, an id, and the reason of a run that abstains."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from importlib import import_module

import pandas as pd
import pyarrow as pa
import pytest
from churn_panels import BANDS, FAST, panel

from customer_success.churn import RiskBand, RiskBands, bands_of, run
from customer_success.packed import HASHES, hashes, pack, unpack

PANEL = panel(500, 8, seed=3)
ALONE = replace(FAST, candidates=("gradient_boosting", "base_rate"), trees=40, bootstrap=50)
NOT_FEATURES = ["snapshot_date", "churned_next_30d", "days_to_left"]


def made(table: pd.DataFrame, settings=ALONE, bands=BANDS, before=None, most=None) -> dict[str, pd.DataFrame]:
    """Run on a table; the customers to be scored are those of its last snapshot, or some of them."""
    last = table[table["snapshot_date"] == table["snapshot_date"].max()].drop(columns=NOT_FEATURES)
    arrow = [pa.Table.from_pandas(part, preserve_index=False) for part in (table, last.head(most))]
    return run(*arrow, bands, settings, before)


def marked(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of a run as a later build reads them, with a mark that no run makes."""
    kept = unpack(pack({name: table for name, table in tables.items() if name != "predictions"}))
    kept["runs"] = kept["runs"].assign(notes="of an earlier run")
    computed = {name: table for name, table in tables.items() if name != HASHES}
    return kept | {HASHES: hashes(computed | {"runs": kept["runs"]})}


def is_marked(tables: dict[str, pd.DataFrame]) -> bool:
    return tables["runs"].loc[0, "notes"] == "of an earlier run"


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return made(PANEL)


def test_every_customer_is_predicted_with_what_moves_it(tables):
    predictions = tables["predictions"]
    assert tables["runs"].loc[0, "status"] == "skilled"
    assert len(predictions) == (PANEL["snapshot_date"] == PANEL["snapshot_date"].max()).sum()
    assert predictions["churn_probability"].between(0, 1).all() and predictions["interval_width"].gt(0).all()
    drivers = [json.loads(text) for text in predictions["top_drivers"]]
    assert all({"feature", "value", "direction", "effect"} == set(d) for row in drivers for d in row)


def test_all_tables_are_of_the_same_run_and_can_be_packed(tables):
    assert {table["model_run_id"].iat[0] for table in tables.values() if len(table)} == {
        tables["runs"].loc[0, "model_run_id"]
    }
    assert pack(tables).num_rows == sum(map(len, tables.values()))


def test_the_same_data_in_another_order_are_the_same_run(tables):
    again = made(PANEL.sample(frac=1, random_state=1))
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, again[name])


def test_other_data_are_another_run(tables):
    changed = PANEL.copy()
    changed.loc[0, "days_since_last_activity"] += 1
    few = replace(ALONE, min_churned_test=10**6)
    ids = {made(table, few)["runs"].loc[0, "model_run_id"] for table in (PANEL, changed)}
    assert len(ids) == 2


def test_a_run_on_the_same_data_reuses_results_and_scores_the_customers_of_today(tables):
    again = made(PANEL, before=marked(tables), most=7)
    assert is_marked(again)
    pd.testing.assert_frame_equal(again["predictions"], tables["predictions"].head(7))
    for name in ("metrics", "candidates", "importance", "calibration", "curves"):
        assert pack({name: again[name]}) == pack({name: tables[name]})


def test_nothing_is_reused_with_other_settings(tables):
    changed = PANEL.copy()
    changed.loc[0, "days_since_last_activity"] += 1
    bands = RiskBands([RiskBand(0.5, "Low Risk", False), RiskBand(None, "High Risk", True)])
    assert not is_marked(made(changed, before=marked(tables)))
    assert not is_marked(made(PANEL, bands=bands, before=marked(tables)))
    assert not is_marked(made(PANEL, settings=replace(ALONE, seed=8), before=marked(tables)))


def test_changed_tables_are_not_reused(tables):
    before = marked(tables)
    changed = before["metrics"].assign(value=1.0)
    assert not is_marked(made(PANEL, before=before | {"metrics": changed}))
    assert not is_marked(
        made(PANEL, before={name: table for name, table in before.items() if name != HASHES})
    )


def test_hashes_are_those_of_what_is_packed(tables):
    noted = tables[HASHES].set_index("output")
    assert set(noted.index) == set(tables) - {HASHES}
    for name in noted.index:
        content = pack({name: tables[name]})["content"].to_pylist()
        assert noted.loc[name, "rows"] == len(content)
        assert (
            noted.loc[name, "sha256"] == sha256("".join(f"{row}\n" for row in content).encode()).hexdigest()
        )


def test_other_code_reuses_nothing(tables, monkeypatch):
    monkeypatch.setattr(import_module("customer_success.churn.run"), "code_hash", lambda *folders: "other")
    assert not is_marked(made(PANEL, before=marked(tables)))


def test_an_abstention_is_reused_too():
    few = replace(ALONE, min_churned_test=10**6)
    abstaining = made(PANEL, few)
    again = made(PANEL, few, before=marked(abstaining))
    assert is_marked(again) and again["runs"].loc[0, "reason"] == abstaining["runs"].loc[0, "reason"]
    assert not len(again["predictions"])


def test_a_planted_label_stops_the_run_and_is_named():
    leaked = PANEL.assign(cancelled_later=PANEL["churned_next_30d"].astype(int))
    found = made(leaked)
    row = found["runs"].loc[0]
    assert row["status"] == "no_skill" and "cancelled_later" in row["reason"]
    assert row["n_train"] > 0 and row["positives_train"] > 0
    assert not len(found["predictions"]) and not len(found["metrics"])


def test_nothing_to_learn_from():
    found = made(PANEL.iloc[:0])
    assert found["runs"].loc[0, "status"] == "no_skill" and found["runs"].loc[0, "n_train"] == 0


def test_bands_are_read_from_their_rules():
    rules = pd.DataFrame(
        {
            "churn_risk_segment": ["Critical Risk", "Low Risk"],
            "max_probability": [None, 0.15],
            "is_flagged": [True, False],
        }
    )
    bands = bands_of(rules)
    assert bands.segments(pd.Series([0.0, 0.15, 0.151]).to_numpy()).tolist() == [
        "Low Risk",
        "Low Risk",
        "Critical Risk",
    ]
