"""Rows that were loaded twice, that the source deleted, and that are tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .frames import NEXT_LOAD, Block, some

SHARE = 0.004  # of a table's rows, per kind


def loaded_before(
    block: Block,
    table: str,
    changes: dict[str, object],
    rng: np.random.Generator,
    key: tuple[str, ...] = ("id",),
) -> None:
    """Give some rows an earlier load with other values, which the row that stands supersedes."""
    rows = block.tables[table]
    synced = "fivetran_synced" if "fivetran_synced" in rows.columns else "_fivetran_synced"
    can = rows[(rows[synced] + NEXT_LOAD <= block.midnight) & rows[list(key)].notna().all(axis=1)]
    at = some(can, SHARE, rng)
    earlier = rows.loc[at].assign(**changes)
    rows.loc[at, synced] += NEXT_LOAD
    row_key = earlier[list(key)].astype(str).agg("|".join, axis=1)
    block.set_apart(table, earlier.assign(row_key=row_key), "superseded", "loaded_twice", key="row_key")


def deleted(
    block: Block,
    table: str,
    rng: np.random.Generator,
    flag: str = "_fivetran_deleted",
    change: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows,
) -> pd.DataFrame:
    """Add copies of some rows under ids of their own that the source has deleted; return them."""
    rows = block.tables[table]
    rows = rows[rows["_fivetran_synced"] <= block.midnight]
    gone = change(rows.loc[some(rows, SHARE, rng)].copy())
    gone["id"] = gone["id"].str.replace("sim_", "sim_gone_", n=1)
    gone[flag] = True
    block.set_apart(table, gone, "deleted", "deleted")
    return gone


def copied_to_test_mode(block: Block, tables: dict[str, tuple[str, ...]], chosen: pd.Series) -> None:
    """Copy all that belongs to some customers into Stripe's test mode, under ids of their own.

    ``tables`` maps each table to its columns with ids; the column that names the customer is ``id`` of
    `stripe.customer` and ``customer_id`` elsewhere.
    """
    for table, columns in tables.items():
        rows = block.tables[table]
        owner = "id" if table == "stripe.customer" else "customer_id"
        copies = rows[rows[owner].isin(chosen) & (rows["_fivetran_synced"] <= block.midnight)].copy()
        for column in columns:
            copies[column] = copies[column].str.replace("sim_", "sim_test_", n=1)
        copies["livemode"] = False
        key = copies["id"]
        if table == "stripe.subscription_history":
            key = key + "|" + copies["_fivetran_start"].astype(str)
        block.set_apart(table, copies.assign(row_key=key), "not_live", "test_mode", key="row_key")
