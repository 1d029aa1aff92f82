"""The origin of a build: the commit of the project that made it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def git_commit(folder: Path = Path()) -> str:
    """Return the commit checked out in ``folder``, with ``-dirty`` where tracked files were changed since.

    ``CS_GIT_COMMIT`` wins, for places that have the files without their history; ``unknown`` without
    git.
    """
    given = os.environ.get("CS_GIT_COMMIT")
    if given:
        return given
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("-dirty" if changed else "")


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()
