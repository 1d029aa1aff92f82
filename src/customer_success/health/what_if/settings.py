"""The values of the project that the comparison uses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from .refusal import Refusal

PROJECT_FILE = Path(__file__).resolve().parents[4] / "dbt_project.yml"


@dataclass(frozen=True)
class Settings:
    """Values of the project (vars of ``dbt_project.yml``) that the comparison uses.

    ``horizons`` are days within which leaving counts.
    """

    min_known_weight: Decimal
    horizons: tuple[int, ...]
    replicates: int
    seed: int

    @classmethod
    def of_project(cls, file: Path = PROJECT_FILE) -> Settings:
        """The settings in ``file``; Refusal where it cannot be read or one is missing."""
        try:
            variables = yaml.safe_load(file.read_text(encoding="utf-8"))["vars"]
            return cls(
                min_known_weight=Decimal(str(variables["min_known_weight"])),
                horizons=tuple(variables["backtest_horizons"]),
                replicates=int(variables["backtest_replicates"]),
                seed=int(variables["random_seed"]),
            )
        except (OSError, yaml.YAMLError, KeyError, TypeError) as problem:
            raise Refusal(f"The vars of the project cannot be read from {file}: {problem}") from problem
