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

from . import accounts, billing, crm, defects, support, surveys
from .activity import Pace, events_and_tasks, expected_events
from .clock import HOUR_US, Calendar
from .columns import times
from .latent import simulate
from .parameters import BLOCK, Config
from .population import populate
from .schema import TABLES
from .truth import truth_tables
from .writer import EventSorter, TableWriter, event_table, replaced

PILOT_BLOCKS = 12  # at most, for the rate of events
_SYNC_US = 6 * HOUR_US

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
    """All rows of a block: (raw tables, events, truth tables)."""
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
    tables = {name: _table(name, part["columns"], part["seen"], calendar) for name, part in raw.items()}
    return tables, events, truth_tables(people, latent, calendar, story)


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


def _write(
    config, calendar, pace, expected, out: Path, truth: Path, form, workers, progress
) -> dict[str, int]:
    writers = {name: TableWriter(out / name.replace(".", "/"), s, form) for name, s in TABLES.items()}
    truth_writers: dict[str, TableWriter] = {}
    scratch = truth / ".events"
    sorter = EventSorter(scratch, calendar, expected)
    models = None
    fixed = billing.catalogue(calendar) | support.agents(calendar) | crm.owners(calendar)
    for name, part in fixed.items():
        writers[name].append(_table(name, part["columns"], part["seen"], calendar))
    writers["meta.dataset"].append(_dataset(config, calendar))
    total = block_count(config)
    for i, (tables, events, truths) in enumerate(_blocks(config, pace, workers)):
        for name, table in tables.items():
            writers[name].append(table)
        for name, table in truths.items():
            if name not in truth_writers:
                truth_writers[name] = TableWriter(truth / name, table.schema, "parquet")
            truth_writers[name].append(table)
        sorter.add(events)
        models = events[:: max(1, len(events) // 500)] if models is None else models
        progress("households", (i + 1) / total)
    if config.bad_rows:
        listed = _plant(writers, sorter, models)
        pq.write_table(pa.Table.from_pylist(listed, schema=defects.SCHEMA), truth / "bad_rows.parquet")
    done = 0
    for rows in sorter.sorted():
        writers["product.events"].append(event_table(rows))
        done += len(rows)
        progress("events in order", done / sorter.rows)
    scratch.rmdir()
    for writer in (*writers.values(), *truth_writers.values()):
        writer.close()
    parameters = {
        "households": config.households,
        "days": config.days,
        "seed": config.seed,
        "end_date": config.end_date.isoformat(),
        "activity_ratio": pace.ratio,
        "story": config.story.as_dict(),
    }
    (truth / "hazard.json").write_text(json.dumps(parameters, indent=2) + "\n")
    return {name: writer.rows for name, writer in writers.items()}


def _plant(writers: dict[str, TableWriter], sorter: EventSorter, models: np.ndarray) -> list[dict]:
    listed = []
    for name, writer in writers.items():
        planted, entries = defects.plant(name, writer.sample, writer.rows)
        if entries:
            writer.append(planted)
            listed += entries
    events, entries = defects.plant_events(models, sorter.rows)
    sorter.add(events)
    return listed + entries
