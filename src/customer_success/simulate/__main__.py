"""Command line of the simulator."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import date
from pathlib import Path

from duckdb import read_csv, read_parquet
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from .parameters import CONNECTORS, SHAPES, Config
from .run import generate


def _parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="python -m customer_success.simulate",
        description="Write a simulated raw data set and, in another folder, the truth behind it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    p.add_argument("--households", type=int, default=2000)
    p.add_argument("--days", type=int, default=730, help="days of history")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--end-date", type=date.fromisoformat, default=date(2026, 6, 30))
    p.add_argument("--out", type=Path, default=Path("data/raw"))
    p.add_argument("--truth", type=Path, default=Path("data/truth"))
    p.add_argument("--events", type=int, help="about so many product events")
    p.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    p.add_argument("--bad-rows", action=argparse.BooleanOptionalAction, default=True)
    p.add_argument("--shape", choices=SHAPES, default=CONNECTORS, help="names of tables and columns")
    p.add_argument("--workers", type=int, default=1, help="processes; the result is the same")
    return p


def _holds_other_data(folder: Path) -> bool:
    """Whether a folder has files that are not marked as simulated, and so must not be replaced."""
    if not any(path.is_file() for path in folder.rglob("*")):
        return False
    dataset = folder / "meta" / "dataset"
    for ending, read in (("parquet", read_parquet), ("csv", read_csv)):
        file = dataset.with_suffix(f".{ending}")
        if file.exists():
            return read(str(file)).fetchone()[1] != "synthetic"
    return True


def _run(args: argparse.Namespace, config: Config, console: Console) -> dict[str, int]:
    if not console.is_terminal:
        reported: dict[str, int] = {}

        def plain(stage: str, share: float) -> None:
            tenth = int(share * 10)
            if reported.get(stage, -1) < tenth:
                reported[stage] = tenth
                print(f"{stage}: {tenth * 10} %", flush=True)

        return generate(config, args.out, args.truth, args.format, args.workers, plain)
    columns = TextColumn("{task.description:>16}"), BarColumn(), TaskProgressColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        tasks: dict[str, int] = {}

        def rich(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=1.0)
            bar.update(tasks[stage], completed=share)

        return generate(config, args.out, args.truth, args.format, args.workers, rich)


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    console = Console()
    begin = time.monotonic()
    try:
        config = Config(
            households=args.households,
            days=args.days,
            seed=args.seed,
            end_date=args.end_date,
            events=args.events,
            bad_rows=args.bad_rows,
            shape=args.shape,
        )
        if _holds_other_data(args.out):
            raise ValueError(
                f"{args.out} has data that are not simulated and are not replaced: choose another --out"
            )
        rows = _run(args, config, console)
    except (ValueError, OSError) as problem:
        print(f"simulate: {problem}", file=sys.stderr)
        return 2
    table = Table("table", "rows", title="Simulated data (synthetic, no real customers)")
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.monotonic() - begin
    console.print(f"{args.out} and {args.truth}: {seconds:.1f} s, peak memory {peak:,.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
