"""Facts that the whole page of the voice uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Facts:
    """``as_of_date``: last day of the build. ``vars``: those of the build by name."""

    as_of_date: date | None
    vars: dict[str, object]
