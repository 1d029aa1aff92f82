"""The specification of a survival run: roles of columns, covariates in order of priority, settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Covariate:
    """A column of numbers, or, with a ``reference`` level, of categories compared with that level."""

    name: str
    reference: str | None = None


@dataclass(frozen=True)
class SurvivalSpec:
    """The roles of the columns of a table with a row per household.

    ``duration``: days from the landmark (day 90 of a household) to the event or to the end of observation.
    ``event``: whether it ended by the event. ``covariates``: most important first; where events are too few
    for all, the last is dropped first. ``entry``: day on the clock of ``duration`` from which a household
    was under observation (None: from 0). ``group``: for the curves.
    """

    id: str
    duration: str
    event: str
    covariates: tuple[Covariate, ...] = ()
    entry: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class SurvivalSettings:
    """``test_rows`` caps the rows that proportional hazards are tested on, by a seeded sample;
    ``significance`` is of that test. ``horizons`` are the days ahead that survival is predicted for."""

    seed: int = 7
    confidence: float = 0.95
    events_per_covariate: int = 10
    significance: float = 0.05
    test_rows: int = 20_000
    horizons: tuple[int, ...] = (30, 90, 365)
