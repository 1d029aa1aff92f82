"""The vars of the build that the comparison uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from customer_success.build_vars import build_vars

from .refusal import Refusal


@dataclass(frozen=True)
class Settings:
    """``variables`` of the build for its macros, and those that the back-test needs.

    ``horizons`` are days within which leaving counts.
    """

    variables: Mapping[str, object]
    horizons: tuple[int, ...]
    replicates: int
    seed: int

    @classmethod
    def of_build(cls, connection: duckdb.DuckDBPyConnection) -> Settings:
        """Return the settings that a build noted; Refusal where it noted none."""
        try:
            variables = build_vars(connection)
            return cls(
                variables=variables,
                horizons=tuple(variables["backtest_horizons"]),
                replicates=int(variables["backtest_replicates"]),
                seed=int(variables["random_seed"]),
            )
        except (duckdb.Error, KeyError, TypeError, ValueError) as problem:
            message = str(problem).splitlines()[0]
            raise Refusal(
                f"The database has no record of its vars (build.parameters): {message}"
            ) from problem
