"""``python -m planted [WORD …]``: plant every lie, or those of a kind or name, and print what caught each.

Exit status 1 where a lie passed a build, or where an honest build did not pass.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .catching import AS_LANDED, SMALL, WITH_MODEL, Bench, Outcome
from .lie import Lie
from .lies import LIES

SHOWN = 3000  # characters of the screen of a build that a lie passed


def table_of(outcomes: list[Outcome]) -> Table:
    """Planted, caught by, in seconds."""
    table = Table(title=f"{len(outcomes)} lies planted", title_justify="left")
    for heading, justify in (
        ("planted", "left"),
        ("kind", "left"),
        ("caught by", "left"),
        ("seconds", "right"),
    ):
        table.add_column(heading, justify=justify)
    for outcome in outcomes:
        by = outcome.lie.check if outcome.caught else f"[bold red]not caught[/bold red] ({outcome.lie.check})"
        table.add_row(outcome.lie.name, outcome.lie.kind, by, f"{outcome.seconds:.0f}")
    return table


def company_of(lie: Lie) -> str:
    """Return the name of the company into which a lie is planted."""
    return "with_model" if lie.model else "landed" if lie.landed else "small"


def main(words: list[str]) -> int:
    """Return 0 where every lie was caught and the honest builds passed, else 1.

    ``words``: kinds, or parts of names, of the lies to plant; without any, all of them.
    """
    console = Console(width=160)
    lies = [lie for lie in LIES if not words or any(word == lie.kind or word in lie.name for word in words)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        console.print("Honest builds first, then each lie …")
        outcomes = []
        companies = {"small": SMALL, "landed": AS_LANDED, "with_model": WITH_MODEL}
        for name, config in companies.items():
            planted = [lie for lie in lies if company_of(lie) == name]
            if planted:
                for outcome in Bench(folder / name, config).catch_all(planted):
                    message = (
                        "caught"
                        if outcome.caught
                        else f"[bold red]not caught[/bold red] by {outcome.lie.check}"
                    )
                    stopped = ", ".join(outcome.built.problems) or f"exit {outcome.built.status}"
                    console.print(f"{outcome.lie.name}: {message} ({outcome.seconds:.0f} s): {stopped}")
                    outcomes.append(outcome)
    for outcome in outcomes:
        if not outcome.caught:
            console.print(f"--- {outcome.lie.name}: exit {outcome.built.status}", markup=False, style="bold")
            console.print(outcome.built.output[-SHOWN:], markup=False)
    console.print(table_of(outcomes))
    return 0 if all(outcome.caught for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
