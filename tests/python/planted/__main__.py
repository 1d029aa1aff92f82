"""``python -m planted``: plant every lie, print what caught it, fail where nothing did."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import AT_ONCE, END, Project, Sandbox
from rich.console import Console
from rich.table import Table

from customer_success.simulate.parameters import Config
from customer_success.simulate.run import generate

from .catching import AS_OF, Outcome, catch, honest_problems
from .lies import LIES

HOUSEHOLDS, DAYS, SEED = 150, 400, 7


def build_base(folder: Path) -> Sandbox:
    """Simulate a small company and build the project on it, without tests."""
    generate(
        Config(households=HOUSEHOLDS, days=DAYS, seed=SEED, end_date=END), folder / "raw", folder / "truth"
    )
    (folder / "project").mkdir()
    return Sandbox(Project(folder / "project"), folder / "base", folder / "raw").build(AS_OF)


def table_of(outcomes: list[Outcome]) -> Table:
    """Planted, caught by, in seconds."""
    table = Table(title=f"{len(outcomes)} lies planted", title_justify="left")
    for heading, justify in (("planted", "left"), ("caught by", "left"), ("seconds", "right")):
        table.add_column(heading, justify=justify)
    for outcome in outcomes:
        by = outcome.lie.check if outcome.caught else f"[bold red]not caught[/bold red] ({outcome.lie.check})"
        table.add_row(outcome.lie.name, by, f"{outcome.seconds:.1f}")
    return table


def main() -> int:
    """Return 0 where every lie was caught and every check was green without one, else 1."""
    console = Console(width=160)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        console.print(f"Building the project on {HOUSEHOLDS} simulated households …")
        base = build_base(folder)
        problems = honest_problems(LIES, base)
        if problems:
            console.print(f"Without any lie:\n{problems}", markup=False)
            return 1
        with ThreadPoolExecutor(AT_ONCE) as pool:
            lies = enumerate(LIES)
            outcomes = list(pool.map(lambda one: catch(one[1], base, folder / f"lie-{one[0]}"), lies))
    console.print(table_of(outcomes))
    return 0 if all(outcome.caught for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
