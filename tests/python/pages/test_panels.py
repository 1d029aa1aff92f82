"""Panels and words that several pages use."""

from __future__ import annotations

import altair as alt
import pytest

from customer_success.pages.bars import bars_by_name
from customer_success.pages.intervals import estimates, point
from customer_success.pages.matrix import matrix
from customer_success.pages.words import counted, in_words, known, percent


def test_rows_of_one_name_and_part_are_one_bar():
    rows = [("a", "new", 2), ("b", "new", 1), ("a", "old", 4), ("a", "new", 3)]
    bars = [dict(zip(("name", "part", "n"), row, strict=True)) for row in rows]
    panel = bars_by_name(bars, {"old": "red", "new": "blue"}, "things", "Things")
    drawn = panel.chart.layer[0].data.values
    assert [(bar["name"], bar["part"], bar["n"], bar["total"]) for bar in drawn] == [
        ("a", "new", 5, 9),
        ("b", "new", 1, 1),
        ("a", "old", 4, 9),
    ]
    assert panel.rows == [["a", 4, 5, 9], ["b", 0, 1, 1]]


def test_matrix_has_the_names_that_occur_in_their_order_and_others_last():
    pairs = [("late", "early"), ("other", "late"), ("early", "another")]
    cells = [{"down": down, "across": across, "value": 1, "shown": "1"} for down, across in pairs]
    panel = matrix(cells, ["early", "never", "late"], "Flow", "", [], "Words.", ("from", "to"), pairs)
    encoding = panel.chart.layer[0].to_dict(validate=False)["encoding"]
    sides = {side: (encoding[side]["title"], encoding[side]["sort"]) for side in ("y", "x")}
    assert sides == {
        "y": ("from", ["early", "late", "other"]),
        "x": ("to", ["early", "late", "another"]),
    }


@pytest.mark.parametrize(("stated", "marked"), [(None, False), (0.0, True)])
def test_what_is_stated_has_a_legend_only_where_something_is(stated, marked):
    rows = [point("a", "none", 0.5, 0.4, 0.6), point("b", "some", None, None, None, stated)]
    panel = estimates(rows, "Shares", "", alt.Axis(), alt.Scale(), (), ())
    assert any("stated" in label for label in panel.legend) == marked


def test_words_of_figures():
    assert [known(None, ","), known(1234, ","), known(0.25, percent)] == ["unknown", "1,234", "25%"]
    assert [in_words(1), in_words(10), in_words(11), in_words(1200)] == ["one", "ten", "11", "1,200"]
    assert [counted(1, "day"), counted(1200, "day")] == ["1 day", "1,200 days"]
