"""What the build command prints when nothing is published: one screen, what failed, and where to look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from .gate import Gate, Problem
from .places import Places
from .version import UNREADABLE, published_version

SHOWN = 12  # failures that fit on a screen


def show_failure(
    problems: Sequence[Problem], where: Iterable[tuple[str, Path]], places: Places, console: Console
) -> None:
    """Print the first failures (failed nodes before skipped ones) and where to read more."""
    ran = [problem for problem in problems if problem.status != "skipped"]
    skipped = len(problems) - len(ran)
    console.print("[bold red]Nothing was published.[/bold red] What failed:")
    for problem in ran[:SHOWN]:
        place = f"  ({problem.file})" if problem.file else ""
        console.print(f"* {problem.name}: {problem.status}{place}", markup=False, style="bold")
        if problem.message:
            console.print(f"  {problem.message}", markup=False)
    if len(ran) > SHOWN or skipped:
        console.print(f"{len(ran)} failed in all, {skipped} more were skipped for it.")
    for what, file in where:
        console.print(f"{what}: {file}")
    show_what_readers_have(places, console)


def show_partial(gate: Gate, places: Places, console: Console) -> None:
    """Print that a part of the project is never published."""
    if gate.sampled:
        why = "it ran on a part of the rows (--empty or --sample)"
    else:
        why = f"{len(gate.left_out)} models, seeds or tests were left out, {gate.left_out[0]} among them"
    console.print(f"Not published: {why}. Only a whole build is published: run it without a selection.")
    show_what_readers_have(places, console)


def show_what_readers_have(places: Places, console: Console) -> None:
    """Print which version readers still see."""
    try:
        version = published_version(places)
    except UNREADABLE:
        console.print(f"What readers have in {places.published} is damaged: see `make verify`.")
        return
    if version is None:
        console.print(f"There is no published version in {places.published} yet.")
        return
    console.print(
        f"Readers keep the version as of {version['as_of_date']},"
        f" built {version['built_at']:%Y-%m-%d %H:%M} UTC, in {places.analytics}."
    )
