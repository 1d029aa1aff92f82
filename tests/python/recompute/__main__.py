"""Recompute the core marts and compare them with those in a DuckDB file."""

from __future__ import annotations

import argparse
import sys
import time

from customer_success.recount.households.core import load_raw, recompute

from .warehouse import compare_all


def main(arguments: list[str] | None = None) -> int:
    """Print what differs; return 0 if nothing does."""
    parser = argparse.ArgumentParser(prog="recompute", description=__doc__)
    parser.add_argument("--raw", required=True, help="folder with <source>/<table>.parquet")
    parser.add_argument("--database", help="DuckDB file that dbt built (left out: no comparison)")
    parser.add_argument("--schema", default="analytics")
    parser.add_argument("--as-of", help="last complete day, as YYYY-MM-DD")
    options = parser.parse_args(arguments)

    begun = time.perf_counter()
    raw = load_raw(options.raw)
    read = time.perf_counter()
    ours = recompute(raw, options.as_of)
    done = time.perf_counter()
    print(f"read in {read - begun:.1f} s, recomputed in {done - read:.1f} s")
    if options.database is None:
        print(ours["counts"].to_string(index=False))
        for name, frame in ours.items():
            print(f"{name:<28}{len(frame):>10}")
        return 0
    results = compare_all(ours, options.database, options.schema)
    print(f"{'table':<44}{'theirs':>10}{'ours':>10}{'differences':>13}")
    for result in results:
        print(f"{result.table:<44}{result.theirs:>10}{result.ours:>10}{len(result.differences):>13}")
    for result in results:
        for difference in result.differences:
            print(f"  {difference}")
    return 1 if any(result.differences for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
