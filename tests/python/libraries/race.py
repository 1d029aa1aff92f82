"""``python race.py TRIALS before|after``: two threads import libraries at once, in forked processes.

Prints how many trials failed. ``after``: `import_libraries` has run before the fork, as it has when dbt
starts threads; ``before``: nothing has been imported.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from importlib import import_module

# The two at the bottom come first: above them it depends on the machine whether the threads meet.
PAIRS = (("narwhals.stable.v1", "narwhals.stable.v2"), ("sklearn.ensemble", "lifelines"))


def trial() -> None:
    """Import each pair in two threads that start together; end with status 1 if one of them failed."""
    failed = []

    def import_at_once(module: str, start: threading.Barrier) -> None:
        start.wait()
        try:
            import_module(module)
        except Exception as problem:
            failed.append(problem)

    for pair in PAIRS:
        start = threading.Barrier(len(pair))
        threads = [threading.Thread(target=import_at_once, args=(module, start)) for module in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            sys.exit(1)


def main() -> None:
    trials, when = int(sys.argv[1]), sys.argv[2]
    if when == "after":
        from customer_success.libraries import import_libraries

        import_libraries()
    forked = multiprocessing.get_context("fork")
    failures = 0
    for _ in range(trials):
        process = forked.Process(target=trial)
        process.start()
        process.join()
        failures += process.exitcode != 0
    print(failures)


if __name__ == "__main__":
    main()
