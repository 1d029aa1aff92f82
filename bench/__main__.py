"""Command line: ``python -m bench``. The figures go to the screen and to docs/benchmark.md."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from .measure import PROJECT, measure, save
from .report import render, saved_churn, saved_journeys, saved_results


def _parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure a full build, one more day, and the floor: plain DuckDB.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    p.add_argument("--sizes", nargs="+", type=float, default=[5, 50], metavar="M", help="million events")
    p.add_argument(
        "--raw-dir",
        action="append",
        default=[],
        metavar="M=DIR",
        help="raw files that are there already for a size; may be given more than once",
    )
    p.add_argument("--work", type=Path, default=PROJECT / "build" / "bench", help="work folder")
    p.add_argument("--threads", type=int, help="models that dbt builds at a time (2, above 20 M events 1)")
    p.add_argument("--memory", metavar="SIZE", help="DuckDB's memory limit (6GB, above 20 M events 7GB)")
    p.add_argument("--explain", type=int, default=0, metavar="N", help="profile the N slowest")
    p.add_argument("--keep", action="store_true", help="keep simulated data and databases")
    p.add_argument("--report-only", action="store_true", help="only write the document")
    p.add_argument("--document", type=Path, default=PROJECT / "docs" / "benchmark.md")
    return p


def _reused(options: list[str]) -> dict[float, Path]:
    """Read ``50=/somewhere/raw`` options."""
    found = {}
    for option in options:
        size, separator, folder = option.partition("=")
        path = Path(folder).resolve()
        if not separator or not (path / "product").is_dir():
            raise ValueError(f"--raw-dir {option}: expected M=DIR with DIR/product in it")
        found[float(size)] = path
    return found


def clear(folder: Path, reused: Path | None) -> None:
    """Remove the files of a size, but never raw files that were given."""
    for entry in folder.iterdir():
        if reused and (entry == reused or entry in reused.parents):
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def main(argv: list[str] | None = None) -> int:
    """Measure each size, then write the document from all results of the work folder."""
    args = _parser().parse_args(argv)
    work = args.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    try:
        reused = _reused(args.raw_dir)
        for size in [] if args.report_only else args.sizes:
            folder = work / f"{size:g}m"
            result = measure(size, folder, reused.get(size), args)
            save(result, work)
            if not args.keep:
                clear(folder, reused.get(size))
    except (ValueError, RuntimeError, OSError) as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 2
    text, passed = render(saved_results(work), saved_churn(work), saved_journeys(work))
    args.document.parent.mkdir(parents=True, exist_ok=True)
    args.document.write_text(text, encoding="utf-8")
    print(text)
    print(f"written to {args.document}; aims {'met' if passed else 'NOT all met'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
