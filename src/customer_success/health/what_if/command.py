"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
from rich.console import Console

from .comparison import compare
from .files import read_bands, read_weights
from .refusal import Refusal
from .scorecards import RECOMPUTED, present_scorecards, proposed_scorecards
from .screen import show
from .settings import Settings


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="customer_success.health.what_if", description="What other weights or bands would change."
    )
    default = os.environ.get("CS_DATABASE", "warehouse/working.duckdb")
    parser.add_argument(
        "--weights", type=Path, help="CSV with the columns of seeds/rules/health/health_parts.csv"
    )
    parser.add_argument(
        "--bands", type=Path, help="CSV with the columns of seeds/rules/health/health_bands.csv"
    )
    parser.add_argument("--model", help="scorecard to compare; without it, those that the files change")
    parser.add_argument("--database", type=Path, default=Path(default), help="database of a finished build")
    parser.add_argument(
        "--horizon", type=int, nargs="+", default=[], help="days; without it, those of the back-test"
    )
    options = parser.parse_args(arguments)
    if options.weights is None and options.bands is None:
        parser.error("nothing to compare: give --weights, --bands or both")
    if min(options.horizon, default=1) < 1 or len(set(options.horizon)) < len(options.horizon):
        parser.error("horizons are different numbers of days, at least 1")
    return options


def _asked(options: argparse.Namespace, present: dict, proposed: dict) -> list[str]:
    """Scorecards to compare: the given one, else those that change, else all in the files."""
    if options.model is None:
        changed = [model for model in proposed if proposed[model] != present[model]]
        return changed or [model for model in proposed if model in RECOMPUTED] or list(proposed)
    if options.model not in present:
        raise Refusal(f"There is no scorecard {options.model}; there are {', '.join(sorted(present))}.")
    if options.model not in proposed:
        raise Refusal(f"The files have no row of {options.model}; they have rows of {', '.join(proposed)}.")
    return [options.model]


def main(arguments: list[str] | None = None, console: Console | None = None) -> int:
    """Run the comparison of the command line; 1 and one message where it is impossible."""
    options = _arguments(arguments)
    console = console or Console()
    try:
        weights = read_weights(options.weights) if options.weights else {}
        bands = read_bands(options.bands) if options.bands else {}
        if not options.database.is_file():
            raise Refusal(f"There is no database {options.database}. Build the project first (make build).")
        with duckdb.connect(str(options.database), read_only=True) as connection:
            settings = Settings.of_build(connection)
            if options.horizon:
                settings = replace(settings, horizons=tuple(options.horizon))
            present = present_scorecards(connection)
            proposed = proposed_scorecards(connection, present, weights, bands)
            for model in _asked(options, present, proposed):
                found = compare(connection, model, present[model], proposed[model], settings=settings)
                show(found, console)
    except (Refusal, duckdb.IOException) as problem:
        print(str(problem).splitlines()[0], file=sys.stderr)
        return 1
    return 0
