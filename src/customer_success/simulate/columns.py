"""Fast Arrow columns from numpy arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .clock import NAT

_DIGITS = np.array([list(f"{i:04d}".encode()) for i in range(10_000)], dtype=np.uint8)

WIDTH = {
    "hh": 6,
    "usr": 8,
    "mem": 8,
    "pet": 8,
    "set": 9,
    "tsk": 12,
    "evt": 12,
    "cus": 6,
    "prod": 4,
    "price": 4,
    "sub": 10,
    "inv": 10,
    "ch": 10,
    "re": 10,
    "org": 6,
    "zus": 8,
    "tkt": 10,
    "cmt": 10,
    "svi": 10,
    "svr": 10,
    "own": 4,
    "com": 6,
    "con": 8,
    "eng": 10,
    "msg": 10,
    "chk": 10,
    "ref": 10,
    "code": 6,
    "crd": 10,
    "ovr": 10,
    "rrq": 10,
    "rev": 10,
    "adv": 10,
    "key": 10,
    "enr": 10,
    "plan": 6,
    "crit": 8,
}
LOCAL = 1_000_000  # numbers of a block's own rows: block x LOCAL + position
LOCAL_EVENTS = 100_000_000  # the same for events and tasks


def ids(kind: str, number: np.ndarray) -> pa.Array:
    """`sim_<kind>_<digits>` for each number; negative numbers are null. Shape (n,)."""
    number = np.asarray(number, dtype=np.int64)
    prefix = f"sim_{kind}_".encode()
    width = WIDTH[kind]
    rows, length = len(number), len(prefix) + width
    text = np.empty((rows, length), dtype=np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix, dtype=np.uint8)
    valid = number >= 0
    rest = np.where(valid, number, 0)
    position = length
    while width > 0:
        step = min(4, width)
        rest, low = np.divmod(rest, 10_000)
        text[:, position - step : position] = _DIGITS[low, 4 - step :]
        position -= step
        width -= step
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(length)
    bitmap = None
    if not valid.all():
        bitmap = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text.reshape(-1)), bitmap)


def pick(options: Sequence[str | None] | pa.Array, index: np.ndarray) -> pa.Array:
    """The option at each index; negative indices are null. Shape (n,)."""
    index = np.asarray(index, dtype=np.int64)
    values = options if isinstance(options, pa.Array) else pa.array(options, pa.string())
    return values.take(pa.array(index, mask=index < 0))


def times(us: np.ndarray) -> pa.Array:
    """Timestamps from microseconds; NAT is null."""
    us = np.asarray(us, dtype=np.int64)
    return pa.array(us, mask=us == NAT).cast(pa.timestamp("us"))


def until(us: np.ndarray, limit: int | np.ndarray) -> np.ndarray:
    """Timestamps later than the limit become missing."""
    return np.where(us > limit, NAT, us)


def integers(values: np.ndarray, missing: int | None = None) -> pa.Array:
    values = np.asarray(values, dtype=np.int64)
    return pa.array(values, mask=None if missing is None else values == missing)


def join(*parts: pa.Array | str, by: str = "") -> pa.Array:
    """Row-wise concatenation of string columns and constants."""
    return pc.binary_join_element_wise(*parts, by)


def ranks(group: np.ndarray) -> np.ndarray:
    """Position of each row in its run of equal, adjacent group values."""
    if len(group) == 0:
        return np.zeros(0, dtype=np.int64)
    first = np.r_[True, group[1:] != group[:-1]]
    start = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    return np.arange(len(group)) - start


def repeat_ranks(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For counts (n,): the row of each of the sum(counts) copies, and its position in that row."""
    row = np.repeat(np.arange(len(counts)), counts)
    begin = np.cumsum(counts) - counts
    return row, np.arange(len(row)) - begin[row]


def choose(uniform: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Index drawn by uniform numbers with the given shares (they add up to one)."""
    return np.searchsorted(np.cumsum(shares)[:-1], uniform, side="right")
