"""``python -m customer_success.publish.child FD …``: the command line of dbt, which ends with its parent.

A killed build command does not end dbt; without this, dbt would keep writing to the database, unchecked,
while the next build begins.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence


def run_dbt(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run dbt in its own process, which ends with this one; return its exit status."""
    theirs, ours = os.pipe()
    command = [sys.executable, "-m", "customer_success.publish.child", str(theirs), *arguments]
    try:
        return subprocess.run(command, check=False, pass_fds=[theirs], env=dict(environment)).returncode
    finally:
        os.close(theirs)
        os.close(ours)


def _end_with_the_parent(pipe: int) -> None:
    """Wait until the other end of the pipe, which gets no data, closes; then end at once."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run dbt and watch the pipe."""
    from dbt.cli.main import cli

    watched = int(sys.argv[1])
    threading.Thread(target=_end_with_the_parent, args=(watched,), daemon=True).start()
    sys.argv = ["dbt", *sys.argv[2:]]
    cli()


if __name__ == "__main__":
    main()
