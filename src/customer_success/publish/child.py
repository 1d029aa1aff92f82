"""``python -m customer_success.publish.child FD …``: the command line of dbt, which ends with its parent.

A build command that is killed cannot take dbt along; without this dbt would go on writing to the database,
with nobody left to judge what it wrote, while the next build begins.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence


def run_dbt(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run dbt in a process of its own, which cannot outlive this one; return its exit status."""
    theirs, ours = os.pipe()
    command = [sys.executable, "-m", "customer_success.publish.child", str(theirs), *arguments]
    try:
        return subprocess.run(command, check=False, pass_fds=[theirs], env=dict(environment)).returncode
    finally:
        os.close(theirs)
        os.close(ours)


def _end_with_the_parent(pipe: int) -> None:
    """Wait for the other end of the pipe, which nobody writes to, to close; then end at once."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Be dbt, watching the pipe."""
    from dbt.cli.main import cli

    watched = int(sys.argv[1])
    threading.Thread(target=_end_with_the_parent, args=(watched,), daemon=True).start()
    sys.argv = ["dbt", *sys.argv[2:]]
    cli()


if __name__ == "__main__":
    main()
