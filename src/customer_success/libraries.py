"""All modules that Python models import, imported once and in one thread.

dbt runs models in threads. Two threads that import libraries which share a part of their own at the same
moment can lock each other out: scikit-learn imports narwhals.stable.v2, lifelines (by way of formulaic)
narwhals.stable.v1, each of the two imports the other, and Python ends one thread with ``_DeadlockError``.
"""

from __future__ import annotations

import threading
from importlib import import_module

# What python_models/ imports of this package; its own imports follow.
OF_THIS_PROJECT = (
    "customer_success.churn",
    "customer_success.claims",
    "customer_success.code_hash",
    "customer_success.growth",
    "customer_success.health.backtest",
    "customer_success.journeys",
    "customer_success.memory",
    "customer_success.metrics.definitions",
    "customer_success.metrics.intervals",
    "customer_success.packed",
    "customer_success.sentiment",
    "customer_success.survival",
    "customer_success.voice",
)
# What libraries import only when one of their functions is first called.
ON_FIRST_USE = (
    "narwhals._interchange.dataframe",
    "narwhals._pandas_like.dataframe",
    "narwhals._pandas_like.namespace",
    "narwhals.stable.v1._namespace",
    "narwhals.stable.v2._namespace",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
)
MODULES = (*OF_THIS_PROJECT, *ON_FIRST_USE)

_one_at_a_time = threading.Lock()


def import_libraries() -> int:
    """Import `MODULES` and return how many they are; raises ``ImportError`` where one is missing.

    The first call takes seconds, further ones nothing. A thread that calls it meanwhile waits.
    """
    with _one_at_a_time:
        for module in MODULES:
            import_module(module)
    return len(MODULES)
