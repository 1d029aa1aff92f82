"""``python -m planted.honest``: honest data sets of many kinds, none of which may stop a build.

A check that fails on honest data is soon ignored. Each data set is built twice: as of the day
before its last one, and as of the last one. Exit status 1 where a build does not publish.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from harness import AT_ONCE, END, RawFolder
from rich.console import Console
from rich.table import Table

from customer_success.simulate.parameters import CONNECTORS, OLDER

from .catching import SMALL
from .company import Built, Company
from .fuzz import fuzzed

YESTERDAY = END - timedelta(days=1)
FUZZED_HOUSEHOLDS = 60


@dataclass(frozen=True)
class DataSet:
    """A simulated company by its seed, size and shape, and what is done to its raw tables before it is built.

    ``between`` is done after the build of the day before.
    """

    name: str
    seed: int = 7
    households: int = 150
    shape: str = OLDER
    change: Callable[[RawFolder], None] = lambda raw: None
    between: Callable[[RawFolder], None] = lambda raw: None


def without(*sources: str) -> Callable[[RawFolder], None]:
    """Remove all tables of some sources."""

    def change(raw: RawFolder) -> None:
        raw.remove(*(table for table in raw.tables() if table.split(".")[0] in sources))

    return change


def dirty(raw: RawFolder) -> None:
    """Deliver rows twice, without a key, with odd texts, of unknown households and with odd values."""
    raw.change("app.tasks", "from rows union all (from rows order by id limit 40)")
    raw.change("product.events", "from rows union all (from rows order by event_id limit 500)")
    raw.change(
        "app.pets", "select * replace (case when id < 'sim_pet_01' then null else id end as id) from rows"
    )
    raw.change(
        "survey.response",
        "select * replace (case when hash(id) % 20 = 0 then 77 else score end as score,"
        " case when hash(id) % 5 = 0 then '{{ 1 / 0 }} <b>=1+1</b> \U0001f436' else comment end as comment)"
        " from rows",
    )
    raw.change(
        "stripe.charge",
        "select * replace (case when hash(id) % 30 = 0 then -amount else amount end as amount,"
        " case when hash(id) % 31 = 0 then 'vanished' else status end as status,"
        " case when hash(id) % 29 = 0 then 'eur' else currency end as currency) from rows",
    )
    raw.change(
        "zendesk.ticket",
        "select * replace"
        " (case when hash(id) % 25 = 0 then 'nowhere' else organization_id end as organization_id) from rows",
    )


def as_csv(raw: RawFolder) -> None:
    """Deliver every table as CSV."""
    raw.to_csv(*raw.tables())


def erase_households(raw: RawFolder) -> None:
    """Erase some households at the source, everywhere."""
    for table in raw.tables():
        columns = raw.read(table).column_names
        key = "id" if table == "app.households" else "household_id"
        if key in columns:
            raw.change(table, f"from rows where {key} is null or hash({key}) % 25 <> 0")


def nothing_new(raw: RawFolder) -> None:
    """Deliver no event of the last 40 days, nor any answer."""
    raw.change(
        "product.events",
        "from rows where received_at < (select max(received_at) - interval 40 day from rows)",
    )


DATA_SETS = (
    DataSet("seed 7"),
    DataSet("seed 11", seed=11),
    DataSet("seed 23, larger", seed=23, households=400),
    DataSet("as connectors land them", shape=CONNECTORS),
    DataSet("as connectors land them, seed 19", seed=19, shape=CONNECTORS),
    DataSet("without billing", change=without("stripe")),
    DataSet("without desk", change=without("zendesk")),
    DataSet("without surveys, CRM and check-ins", change=without("survey", "hubspot", "cs")),
    DataSet("app and events alone", change=without("stripe", "zendesk", "survey", "hubspot", "cs", "meta")),
    DataSet("dirty rows", seed=5, change=dirty),
    DataSet("all files as CSV", seed=3, change=as_csv),
    DataSet("households erased between the builds", seed=13, between=erase_households),
    DataSet("silent for the last weeks", seed=17, change=nothing_new),
    # Small, so that the proofs draw nearly all of their households; of both shapes in turns.
    *(
        DataSet(f"fuzzed, seed {seed}", seed, FUZZED_HOUSEHOLDS, (OLDER, CONNECTORS)[seed % 2], fuzzed(seed))
        for seed in range(101, 110)
    ),
)


def builds(data: DataSet, folder: Path) -> tuple[list[Built], float]:
    """Build a data set twice; returns the result of each build and the seconds of both."""
    begun = time.monotonic()
    config = replace(SMALL, seed=data.seed, households=data.households, shape=data.shape)
    company = Company.found(folder, config)
    raw = RawFolder(folder / "data" / "raw")
    data.change(raw)
    first = company.build(YESTERDAY)
    data.between(raw)
    return [first, company.build(END)], time.monotonic() - begun


def main() -> int:
    """Return 0 where every build published, else 1."""
    console = Console(width=160)
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(AT_ONCE) as pool:
        folders = [Path(temporary) / str(number) for number, _ in enumerate(DATA_SETS)]
        found = list(pool.map(builds, DATA_SETS, folders))
    table = Table(title=f"{len(DATA_SETS)} honest data sets", title_justify="left")
    for heading in ("data set", "published", "seconds"):
        table.add_column(heading)
    for data, (both, seconds) in zip(DATA_SETS, found, strict=True):
        wrong = [built for built in both if built.status]
        for built in wrong:
            console.print(f"--- {data.name}: exit {built.status}\n{built.output[-3000:]}", markup=False)
        table.add_row(data.name, f"{2 - len(wrong)} of 2", f"{seconds:.0f}")
    console.print(table)
    return 0 if all(built.status == 0 for both, _ in found for built in both) else 1


if __name__ == "__main__":
    sys.exit(main())
