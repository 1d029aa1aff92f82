"""Which of several loads of a row stands, and what a connector says of a row itself."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from .values import read_booleans, read_timestamps


def says(frame: pd.DataFrame, column: str, value: bool = True) -> np.ndarray:
    """Mark the rows in which a column, if it is there, has this value."""
    if column not in frame.columns:
        return np.zeros(len(frame), bool)
    return np.array([said is value for said in read_booleans(frame[column])], bool)


def last_loads(
    typed: pd.DataFrame,
    frame: pd.DataFrame,
    key: tuple[str, ...],
    own_household: bool,
    hidden: np.ndarray,
    tests: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Mark the last load of each key (and household), and rows whose key is that of several households.

    `frame` are the rows as they came. `hidden` rows collide with none; `tests` take no part at all.
    """
    last, collides = np.ones(len(typed), bool), np.zeros(len(typed), bool)
    columns = list(key)
    live = typed[~tests & typed[columns].notna().all(axis=1)]
    order = live[live.duplicated(columns, keep=False)][columns].copy()
    if order.empty:
        return last, collides
    order["_load"] = _moments(typed, frame, "_fivetran_synced").loc[order.index]
    active = typed.get("_fivetran_active", pd.Series(False, index=typed.index))
    order["_active"] = (active == True).loc[order.index]  # noqa: E712
    changed = "_changed_at" if "_changed_at" in frame.columns else "updated_at"
    order["_change"] = _moments(typed, frame, changed).loc[order.index]
    order["_hash"] = hashes_of(typed, frame).loc[order.index]
    order["_home"] = None
    if own_household:
        names = typed["household_id"].loc[order.index]
        known = names.groupby([order[column] for column in columns]).transform("max")
        order["_home"] = names.where(names.notna(), known)
    order = order.sort_values(["_load", "_active", "_change", "_hash"], na_position="first", kind="stable")
    last[order.index[order.duplicated([*columns, "_home"], keep="last")]] = False
    if own_household:
        standing = order[last[order.index] & ~hidden[order.index]]
        several = standing.groupby(columns)["_home"].transform("nunique") > 1
        wrong = set(map(tuple, standing[several][columns].to_numpy()))
        collides[order.index] = [tuple(row) in wrong for row in order[columns].to_numpy()]
    return last, collides


def _moments(typed: pd.DataFrame, frame: pd.DataFrame, column: str) -> pd.Series:
    if column in typed.columns:
        return typed[column]
    if column in frame.columns:
        return read_timestamps(frame[column])[0]
    return pd.Series(np.datetime64("NaT", "us"), index=typed.index)


def hashes_of(typed: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Return the MD5 of each row: that of the row as it landed, or of its typed values."""
    if "_hash" in frame.columns:
        return frame["_hash"]
    texts = (repr(row).encode() for row in typed.itertuples(index=False))
    return pd.Series([hashlib.md5(text).hexdigest() for text in texts], index=typed.index)
