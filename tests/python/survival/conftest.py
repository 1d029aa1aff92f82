"""One thread: on tables this small the threads of BLAS wait for each other, on a busy machine for minutes."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="package", autouse=True)
def one_thread():
    with threadpool_limits(1):
        yield
