"""Write, audit, publish: readers see the last build that passed all of its checks, whole, and nothing else.

`gate` decides whether a build may be published, `catalogue` lists the tables and columns, `version` writes
and swaps them in, `audit` compares what was written with what was built, `verify` what readers see with what
was published. `locking` keeps two builds off one database, `child` keeps dbt from outliving the build
command.
"""

from .audit import PublicationFailed
from .catalogue import Mart, UnmarkedColumns, marts_of
from .gate import Gate, read_gate
from .locking import BUSY, Busy, lock
from .places import Places, ledger_file
from .provenance import git_commit
from .remembered import record_publication
from .verify import verify
from .version import UNREADABLE, Publication, publish, published_version

__all__ = [
    "BUSY",
    "UNREADABLE",
    "Busy",
    "Gate",
    "Mart",
    "Places",
    "Publication",
    "PublicationFailed",
    "UnmarkedColumns",
    "git_commit",
    "ledger_file",
    "lock",
    "marts_of",
    "publish",
    "published_version",
    "read_gate",
    "record_publication",
    "verify",
]
