"""Running dbt and the floor as processes of their own, and reading what they report."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parent.parent
HOUSEHOLDS_PER_MILLION = 4_000
DAYS = 730
LARGE = 20  # million events, above which models are built one at a time, with more memory


@dataclass
class Run:
    """One measured process."""

    seconds: float
    peak_gb: float
    models: dict[str, float] = field(default_factory=dict)
    python_models: list[str] = field(default_factory=list)

    @property
    def model_seconds(self) -> float:
        return sum(self.models.values())


@dataclass
class Result:
    """What was measured for one size."""

    size: float
    as_of_date: str
    events: int
    households: int
    raw_gb: float
    database_gb: float
    full: Run
    day: Run
    floor: Run
    threads: int
    memory: str
    machine: dict[str, str]
    measured_on: str
    load_before: float


def say(text: str) -> None:
    """Print the progress of the benchmark."""
    print(f"{datetime.now():%H:%M:%S}  {text}", flush=True)


def timed(command: list[str], log: Path, environment: dict[str, str] | None = None) -> Run:
    """Run a command to its end; its wall-clock seconds and its peak resident memory."""
    log.parent.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise RuntimeError(f"{' '.join(command[:4])} failed, see {log}:\n" + "\n".join(last))
    return Run(time.monotonic() - begin, usage.ru_maxrss / 1024**2)


def dbt_environment(folder: Path, target: Path, threads: int, memory: str) -> dict[str, str]:
    """The environment of dbt on the databases of a folder."""
    return {
        "CS_CONTRACTS": os.environ.get("CS_CONTRACTS", "false"),
        "CS_DATABASE": str(folder / "working.duckdb"),
        "CS_LEDGER": str(folder / "ledger.duckdb"),
        "CS_THREADS": str(threads),
        "CS_MEMORY_LIMIT": memory,
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(folder / "logs"),
    }


def dbt_build(folder: Path, raw: Path, as_of: date, name: str, threads: int, memory: str) -> Run:
    """Build seeds and models (no tests) as of a day; the target folder is ``target_<name>``."""
    target = folder / f"target_{name}"
    environment = dbt_environment(folder, target, threads, memory)
    variables = json.dumps({"raw_data_path": str(raw), "as_of_date": as_of.isoformat()})
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--vars", variables]
    command += ["--exclude", "resource_type:test", "resource_type:unit_test"]
    say(f"dbt build, {name}, as of {as_of} …")
    run = timed(command, folder / f"dbt_{name}.log", environment)
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    for result in results:
        node = nodes.get(result["unique_id"])
        if node and node["resource_type"] == "model":
            run.models[node["name"]] = result["execution_time"]
            if node["language"] == "python":
                run.python_models.append(node["name"])
    say(f"  {run.seconds:,.1f} s, models {run.model_seconds:,.1f} s, {run.peak_gb:.2f} GB")
    return run


def floor_run(folder: Path, raw: Path, full: Run, memory: str, args: argparse.Namespace) -> Run:
    """Run the compiled SQL of the full build in plain DuckDB, in a process of its own."""
    say("floor: the same SQL in plain DuckDB …")
    answer = folder / "floor.json"
    command = [sys.executable, "-m", "bench.floor", "--target", str(folder / "target_full")]
    command += ["--raw", str(raw), "--database", str(folder / "floor" / "working.duckdb")]
    command += ["--ledger", str(folder / "ledger_full.duckdb"), "--memory", memory]
    command += ["--built", str(folder / "working.duckdb"), "--answer", str(answer)]
    slowest = sorted(full.models, key=full.models.get, reverse=True)
    explain = [name for name in slowest if name not in full.python_models][: args.explain]
    command += ["--explain", *explain] if explain else []
    run = timed(command, folder / "floor.log")
    reported = json.loads(answer.read_text(encoding="utf-8"))
    run.seconds, run.peak_gb, run.models = reported["seconds"], reported["peak_gb"], reported["models"]
    # A Python model has no SQL to run plainly: its own seconds count on both sides.
    for name in full.python_models:
        run.models[name] = full.models[name]
        run.seconds += full.models[name]
    say(f"  {run.seconds:,.1f} s, models {run.model_seconds:,.1f} s, {run.peak_gb:.2f} GB")
    return run


def simulate(size: float, folder: Path, args: argparse.Namespace) -> Path:
    """Write a simulated data set of about so many million events; its raw folder."""
    raw = folder / "raw"
    if raw.is_dir():
        say(f"{size:g} M events: {raw} is there already")
        return raw
    say(f"simulating about {size:g} M events …")
    command = [sys.executable, "-m", "customer_success.simulate", "--days", str(DAYS)]
    command += ["--households", str(round(size * HOUSEHOLDS_PER_MILLION))]
    command += ["--events", str(round(size * 1_000_000)), "--out", str(raw)]
    command += ["--truth", str(folder / "truth"), "--workers", str(os.cpu_count())]
    run = timed(command, folder / "simulate.log")
    say(f"  {run.seconds:,.1f} s, {run.peak_gb:.2f} GB")
    return raw


def facts_of(raw: Path) -> tuple[date, int, int]:
    """The last complete day of the raw data, its events and its households."""
    connection = duckdb.connect()
    query = "select max(received_at)::date - 1, count(*) from read_parquet(?)"
    events = [str(raw / "product" / "events*.parquet")]
    as_of, rows = connection.execute(query, events).fetchone()
    households = [str(raw / "app" / "households*.parquet")]
    query = "select count(*) from read_parquet(?)"
    return as_of, rows, connection.execute(query, households).fetchone()[0]


def machine() -> dict[str, str]:
    """The machine and the versions of the measurement."""
    cpu = platform.machine()
    info = Path("/proc/cpuinfo")
    for line in info.read_text().splitlines() if info.exists() else []:
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    versions = {name: version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")}
    return {
        "machine": f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
        "settings": "DuckDB on all cores, preserve_insertion_order off, contracts "
        + ("on" if os.environ.get("CS_CONTRACTS") == "true" else "off"),
    }


def measure(size: float, folder: Path, reused: Path | None, args: argparse.Namespace) -> Result:
    """Full build as of the day before the last, one more day, and the floor."""
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in ("working.duckdb", "ledger.duckdb", "working.duckdb.wal", "ledger.duckdb.wal"):
        (folder / leftover).unlink(missing_ok=True)
    for leftover in ("target_full", "target_day", "floor"):
        shutil.rmtree(folder / leftover, ignore_errors=True)
    raw = reused or simulate(size, folder, args)
    last_day, events, households = facts_of(raw)
    threads = args.threads or (1 if size > LARGE else 2)
    memory = args.memory or ("7GB" if size > LARGE else "6GB")
    load = os.getloadavg()[0]
    full = dbt_build(folder, raw, last_day - timedelta(days=1), "full", threads, memory)
    shutil.copy(folder / "ledger.duckdb", folder / "ledger_full.duckdb")
    database_gb = (folder / "working.duckdb").stat().st_size / 1024**3
    floor = floor_run(folder, raw, full, memory, args)
    day = dbt_build(folder, raw, last_day, "day", threads, memory)
    return Result(
        size=size,
        as_of_date=last_day.isoformat(),
        events=events,
        households=households,
        raw_gb=sum(f.stat().st_size for f in raw.rglob("*") if f.is_file()) / 1024**3,
        database_gb=database_gb,
        full=full,
        day=day,
        floor=floor,
        threads=threads,
        memory=memory,
        machine=machine(),
        measured_on=date.today().isoformat(),
        load_before=load,
    )


def save(result: Result, work: Path) -> None:
    """Keep a result, so that sizes can be measured on different days."""
    path = work / f"result_{result.size:g}m.json"
    path.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
