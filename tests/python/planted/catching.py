"""Planting a lie into a copy of a company, and seeing whether the build stops for the right reason."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import duckdb
from harness import AT_ONCE, DAY_ONE, END

from customer_success.simulate.parameters import CONNECTORS, Config

from .company import Built, Company
from .lie import Lie

# The company published yesterday, honestly; the lie comes with the build of today. Today lies within a week,
# a month and a quarter, so that each kind of period is incomplete.
TODAY = DAY_ONE
YESTERDAY = TODAY - timedelta(days=1)
SMALL = Config(households=150, days=400, seed=7, end_date=END)
# Raw tables as connectors land them.
AS_LANDED = replace(SMALL, shape=CONNECTORS)
# Large enough for the classifier to show skill.
WITH_MODEL = Config(households=500, days=730, seed=7, end_date=END)


@dataclass(frozen=True)
class Outcome:
    """Whether a build stopped because of the check that a lie names."""

    lie: Lie
    built: Built
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether the build failed and the named check is among its problems."""
        return self.built.status != 0 and any(self.lie.check in name for name in self.built.problems)


class Bench:
    """A company that published yesterday, and folders in which its build of today runs with a lie.

    Each has a copy of what dbt parsed yesterday, so it parses only what the lie changes. With
    ``honest_today`` a build of today without a lie shows first that nothing stops an honest day:
    AssertionError with the screen where it does. Without it one lie is built at a time.
    """

    def __init__(self, folder: Path, config: Config, honest_today: bool = True):
        self.at_once = AT_ONCE if honest_today else 1
        self.company = Company.found(folder / "company", config)
        _must_pass(self.company.build(YESTERDAY), "yesterday")
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(self.at_once):
            self._free.put(folder / f"place-{number}")
        if honest_today:
            place = folder / "honest"
            _must_pass(self.company.copy(place).build(TODAY), "today")
            shutil.rmtree(place)

    def catch_all(self, lies: Iterable[Lie]) -> Iterator[Outcome]:
        """Plant lies, each into a copy of its own, and build today; a few at once. Yields the outcomes."""
        with ThreadPoolExecutor(self.at_once) as pool:
            yield from pool.map(self.catch, lies)

    def catch(self, lie: Lie) -> Outcome:
        """Plant one lie into a copy of the company, and build today."""
        place = self._free.get()
        begun = time.monotonic()
        try:
            copy = self.company.copy(place)
            for plant in lie.plants:
                plant.into(copy)
            built = copy.build(TODAY, *(["--full-refresh"] if lie.full else []))
            return Outcome(lie, built, time.monotonic() - begun)
        except (ValueError, OSError, AssertionError, duckdb.Error) as problem:
            return Outcome(
                lie, Built(0, f"The lie could not be planted: {problem!r}"), time.monotonic() - begun
            )
        finally:
            shutil.rmtree(place, ignore_errors=True)
            self._free.put(place)


def _must_pass(built: Built, day: str) -> None:
    assert built.status == 0, f"The honest build of {day} failed:\n{built.output[-4000:]}"
