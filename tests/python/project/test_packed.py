"""Tables packed into one and unfolded again by the macro's SQL."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from customer_success.packed import pack, unpack


def test_values_survive_and_what_is_missing_is_null():
    table = pd.DataFrame(
        {
            "text": ["a \"quoted\" 'word' – ✓", None],
            "number": [1.5, np.nan],
            "whole": pd.array([3, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
            "day": pd.to_datetime(["2026-06-30", None]),
            "missing": [None, None],
        }
    )
    packed = pack({"first": table, "empty": table.iloc[:0], "second": pd.DataFrame({"x": [0.1 + 0.2]})})
    with duckdb.connect() as connection:
        connection.register("packed", packed)
        rows = connection.execute(
            """
            select
                content ->> '$.text', cast(content ->> '$.number' as double),
                cast(content ->> '$.whole' as bigint), cast(content ->> '$.flag' as boolean),
                cast(content ->> '$.day' as date), content ->> '$.missing'
            from packed where output = 'first' order by row_number
            """
        ).fetchall()
        exact = connection.execute(
            "select cast(content ->> '$.x' as double) from packed where output = 'second'"
        ).fetchone()
    assert rows[0][:4] == ("a \"quoted\" 'word' – ✓", 1.5, 3, True) and str(rows[0][4]) == "2026-06-30"
    assert rows[0][5] is None and rows[1] == (None,) * 6
    assert exact == (0.1 + 0.2,)
    assert packed.num_rows == 3


def test_what_is_unpacked_and_packed_again_is_the_same_text():
    table = pd.DataFrame(
        {"x": [0.1 + 0.2, np.nan], "n": pd.array([3, None], dtype="Int64"), "t": ["1.0", None]}
    )
    many = pd.DataFrame({"place": range(12)})
    packed = pack({"second": table, "first": many, "empty": table.iloc[:0]})
    unpacked = unpack(packed.take(list(reversed(range(packed.num_rows)))))
    assert list(unpacked) == ["first", "second"]
    assert pack(unpacked).sort_by([("output", "ascending"), ("row_number", "ascending")]) == packed.sort_by(
        [("output", "ascending"), ("row_number", "ascending")]
    )


def test_infinity_is_refused_and_nothing_is_nothing():
    assert pack({}).num_rows == 0
    try:
        pack({"t": pd.DataFrame({"x": [float("inf")]})})
    except ValueError:
        return
    raise AssertionError("infinity is no JSON")
