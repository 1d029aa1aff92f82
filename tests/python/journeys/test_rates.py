"""Rates of transitions per 30 days at risk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from customer_success.journeys import transition_rates

COLUMNS = ["household_number", "from_stage", "to_stage", "days_at_risk", "transitions"]


def rates(rows: list[tuple]) -> pd.DataFrame:
    return transition_rates(pd.DataFrame(rows, columns=COLUMNS), replicates=200, seed=7)


def test_a_rate_is_transitions_over_days_of_all_who_were_at_risk():
    table = rates([(n, "growth", "adoption", 30 + n % 3, int(n % 4 == 0)) for n in range(40)])
    days = sum(30 + n % 3 for n in range(40))
    (row,) = table.to_dict("records")
    assert (row["transitions"], row["households"], row["days_at_risk"]) == (10, 10, days)
    assert row["rate_per_30_days"] == pytest.approx(30 * 10 / days)
    assert row["ci_low"] < row["rate_per_30_days"] < row["ci_high"]


def test_pairs_keep_their_own_numbers_whatever_the_order_of_the_rows():
    rows = [(n, "growth", "adoption", 30, n % 2) for n in range(40)]
    rows += [(n, "adoption", "growth", 60, int(n < 4)) for n in range(40)]
    table = rates(rows).set_index(["from_stage", "to_stage"])
    assert table.loc[("growth", "adoption"), "rate_per_30_days"] == pytest.approx(0.5)
    assert table.loc[("adoption", "growth"), "rate_per_30_days"] == pytest.approx(0.05)
    pd.testing.assert_frame_equal(rates(rows[::-1]), rates(rows))


def test_few_households_have_a_rate_but_no_interval():
    (row,) = rates([(n, "growth", "adoption", 30, n % 2) for n in range(29)]).to_dict("records")
    assert row["rate_per_30_days"] == pytest.approx(14 / 29)
    assert np.isnan(row["ci_low"]) and np.isnan(row["ci_high"])


def test_without_transitions_there_is_no_row():
    assert rates([]).empty
