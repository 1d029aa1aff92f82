"""Put the pieces together: blocks in, tables out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from . import accounts, billing, crm, defects, growth, support, surveys
from .activity import Pace, events_and_tasks, expected_events
from .clock import HOUR_US, Calendar
from .columns import times
from .landing import LANDED, land, land_fixed
from .latent import simulate
from .parameters import BLOCK, OLDER, Config
from .population import populate
from .schema import TABLES
from .truth import truth_tables
from .writer import EventSorter, TableWriter, event_table, replaced

PILOT_BLOCKS = 12  # at most, for the rate of events
_SYNC_US = 6 * HOUR_US
LANDED_TRUTH = "connectors/"  # the folder of truths about the connectors' shape, within that of the truth

Progress = Callable[[str, float], None]


def _streams(config: Config, block: int) -> list[np.random.Generator]:
    """Independent generators of a block: people, latent, activity, app, billing, support,
    surveys, crm. They depend on the seed and the block's number alone."""
    seed = np.random.SeedSequence(config.seed, spawn_key=(block,))
    return [np.random.default_rng(s) for s in seed.spawn(8)]


def calendar_of(config: Config) -> Calendar:
    return Calendar(config.end_date, config.days)


def block_count(config: Config) -> int:
    return -(-config.households // BLOCK)


def latent_block(config: Config, block: int):
    """People and hidden history of a block."""
    calendar = calendar_of(config)
    streams = _streams(config, block)
    people = populate(config, calendar, block, streams[0])
    return people, simulate(people, calendar, config.story, streams[1]), streams


def find_pace(config: Config) -> tuple[Pace, float]:
    """The activity that yields the wanted number of events, and the number that is expected."""
    blocks = block_count(config)
    pilot = np.unique(np.linspace(0, blocks - 1, min(PILOT_BLOCKS, blocks)).astype(int))
    calendar = calendar_of(config)
    if config.events is None:
        pilot = pilot[:1]  # only the size of the buckets depends on it
    sample = [latent_block(config, int(b))[:2] for b in pilot]
    share = config.households / sum(len(people) for people, _ in sample)

    def expected(ratio: float) -> float:
        pace = Pace(ratio)
        each = (expected_events(p, h, calendar, config.story, pace) for p, h in sample)
        return sum(each) * share

    if config.events is None:
        return Pace(), expected(1.0)
    low, high = 0.0, 1.0
    if expected(low) > config.events * 1.1:
        raise ValueError(
            f"{config.events:,} events are too few: these households visit on "
            f"{expected(low):,.0f} days at least"
        )
    while expected(high) < config.events:
        high *= 2
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) < config.events else (low, middle)
    return Pace(high), float(config.events)


def _table(name: str, columns: dict, seen: np.ndarray, calendar: Calendar) -> pa.Table:
    """A raw table with the time of its load: the next of four runs a day, or the export."""
    synced = np.minimum((seen // _SYNC_US + 1) * _SYNC_US, calendar.export)
    return pa.table({**columns, "_fivetran_synced": times(synced)}).cast(TABLES[name])


def make_block(config: Config, pace: Pace, block: int):
    """All rows of a block: (raw tables, raw rows apart from them, events, truth tables)."""
    calendar = calendar_of(config)
    story = config.story
    people, latent, streams = latent_block(config, block)
    events, tasks = events_and_tasks(people, latent, calendar, story, pace, block, streams[2])
    raw = accounts.tables(people, latent, calendar, streams[3])
    raw["app.tasks"] = tasks
    raw |= billing.tables(people, latent, calendar, story, block, streams[4])
    desk, tickets = support.tables(people, latent, calendar, block, streams[5])
    raw |= desk
    raw |= surveys.tables(people, latent, calendar, tickets, block, streams[6])
    raw |= crm.tables(people, latent, calendar, block, streams[7])
    kept, about_growth = growth.tables(people, latent, calendar, block, raw, config.seed)
    raw |= kept
    tables = {name: _table(name, part["columns"], part["seen"], calendar) for name, part in raw.items()}
    truths = truth_tables(people, latent, calendar, story) | about_growth
    if config.shape == OLDER:
        return tables, {}, events, truths
    landed, apart, about = land(tables, calendar, config.seed, block)
    return landed, apart, events, truths | _named(about)


def _named(truths: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return {f"{LANDED_TRUTH}{name}": table for name, table in truths.items()}


def _blocks(config: Config, pace: Pace, workers: int) -> Iterator:
    """Results of all blocks in order, however many processes compute them."""
    work = partial(make_block, config, pace)
    blocks = block_count(config)
    if workers <= 1 or blocks == 1:
        yield from map(work, range(blocks))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = []
        for block in range(blocks):
            waiting.append(pool.submit(work, block))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()


def _dataset(config: Config, calendar: Calendar) -> pa.Table:
    generated = calendar.us(np.array([config.days + 1]))
    return pa.table(
        {
            "name": ["PetForce demo"],
            "kind": ["synthetic"],
            "generated_at": times(generated),
            "seed": pa.array([config.seed], pa.int64()),
        }
    ).cast(TABLES["meta.dataset"])


def generate(
    config: Config,
    out: Path,
    truth: Path,
    form: str = "parquet",
    workers: int = 1,
    progress: Progress = lambda stage, share: None,
) -> dict[str, int]:
    """Write the data set into `out` and the truth into `truth`; return rows per table.

    Both folders are replaced as a whole when everything is written; an interrupted run leaves
    what was there.
    """
    places = out.resolve(), truth.resolve()
    if places[0].is_relative_to(places[1]) or places[1].is_relative_to(places[0]):
        raise ValueError("raw data and truth need folders of their own, not one within the other")
    calendar = calendar_of(config)
    progress("rates", 0.0)
    pace, expected = find_pace(config)
    with replaced(out, truth) as (new_out, new_truth):
        rows = _write(config, calendar, pace, expected, new_out, new_truth, form, workers, progress)
    progress("done", 1.0)
    return rows


class _Writers:
    """The files of all raw tables and of the truth."""

    def __init__(self, config: Config, out: Path, truth: Path, form: str) -> None:
        schemas = TABLES if config.shape == OLDER else LANDED
        self.raw = {name: TableWriter(out / name.replace(".", "/"), s, form) for name, s in schemas.items()}
        self.truth: dict[str, TableWriter] = {}
        self.folder = truth

    def append(
        self, tables: dict[str, pa.Table], apart: dict[str, pa.Table], truths: dict[str, pa.Table]
    ) -> None:
        for name, table in tables.items():
            self.raw[name].append(table)
        for name, table in apart.items():
            self.raw[name].append(table, is_model=False)
        for name, table in truths.items():
            if name not in self.truth:
                form = "csv" if name.startswith(LANDED_TRUTH) else "parquet"
                self.truth[name] = TableWriter(self.folder / name, table.schema, form)
            self.truth[name].append(table)

    def close(self) -> None:
        for writer in (*self.raw.values(), *self.truth.values()):
            writer.close()


def _fixed(
    config: Config, calendar: Calendar
) -> tuple[dict[str, pa.Table], dict[str, pa.Table], dict[str, pa.Table]]:
    """Return the tables that do not grow with the company, rows apart from them, and truths about both."""
    parts = billing.catalogue(calendar) | support.agents(calendar) | crm.owners(calendar)
    tables = {name: _table(name, part["columns"], part["seen"], calendar) for name, part in parts.items()}
    dataset = {"meta.dataset": _dataset(config, calendar)}
    if config.shape == OLDER:
        return tables | dataset, {}, {}
    tables, apart, truths = land_fixed(tables, calendar)
    return tables | dataset, apart, _named(truths)


def _write(
    config, calendar, pace, expected, out: Path, truth: Path, form, workers, progress
) -> dict[str, int]:
    writers = _Writers(config, out, truth, form)
    scratch = truth / ".events"
    sorter = EventSorter(scratch, calendar, expected)
    models = None
    writers.append(*_fixed(config, calendar))
    total = block_count(config)
    for i, (tables, apart, events, truths) in enumerate(_blocks(config, pace, workers)):
        writers.append(tables, apart, truths)
        sorter.add(events)
        models = events[:: max(1, len(events) // 500)] if models is None else models
        progress("households", (i + 1) / total)
    if config.bad_rows:
        listed = _plant(writers.raw, sorter, models, config.shape)
        pq.write_table(pa.Table.from_pylist(listed, schema=defects.SCHEMA), truth / "bad_rows.parquet")
    done = 0
    for rows in sorter.sorted():
        writers.raw["product.events"].append(event_table(rows))
        done += len(rows)
        progress("events in order", done / sorter.rows)
    scratch.rmdir()
    writers.close()
    parameters = {
        "households": config.households,
        "days": config.days,
        "seed": config.seed,
        "end_date": config.end_date.isoformat(),
        "activity_ratio": pace.ratio,
        "story": config.story.as_dict(),
    }
    (truth / "hazard.json").write_text(json.dumps(parameters, indent=2) + "\n")
    return {name: writer.rows for name, writer in writers.raw.items()}


def _plant(
    writers: dict[str, TableWriter], sorter: EventSorter, models: np.ndarray, shape: str
) -> list[dict]:
    listed = []
    for name, writer in writers.items():
        planted, entries = defects.plant(name, writer.sample, writer.rows, shape)
        if entries:
            writer.append(planted)
            listed += entries
    events, entries = defects.plant_events(models, sorter.rows)
    sorter.add(events)
    return listed + entries
