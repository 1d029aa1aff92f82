"""One thread: on tables this small the threads of OpenMP and BLAS wait for each other most of the time."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="package", autouse=True)
def one_thread():
    with threadpool_limits(1):
        yield
