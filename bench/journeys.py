"""Models of journeys, voice and growth at 200,000 households × 104 weeks: ``python -m bench.journeys``.

A company of 2,000 households over 104 weeks is simulated and built; the tables that these models read are
multiplied by 100 (`bench.multiply`); then dbt runs these models alone, one at a time, which is measured. A
thread reads memory and CPU time of dbt's process; a model has what was read while it ran.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from .measure import DAYS, PROJECT, dbt_environment, facts_of, say, timed
from .multiply import inputs_of, multiply
from .report import JOURNEYS_RESULT, journeys_aims

HOUSEHOLDS, TIMES = 2_000, 100
EVENTS = 500_000  # 250 a household, as in the measurement of whole builds
GROUPS = ("journeys", "voice", "growth")
FOLDERS = ("models/intermediate", "models/marts", "python_models")
# Contracts and tests are left out, as in the other measurements.
NO_TESTS = ("--exclude", "resource_type:test", "resource_type:unit_test")
EVERY = 0.05  # seconds between two readings
PAGE_GB = os.sysconf("SC_PAGE_SIZE") / 1024**3
TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Reading:
    """Seconds since 1970, resident memory in GB and CPU seconds so far, user and system, of a process."""

    at: float
    gb: float
    cpu: float


@dataclass
class Watched:
    """What a process needed, and the readings on the way."""

    seconds: float
    cpu_seconds: float
    peak_gb: float
    readings: list[Reading] = field(default_factory=list, repr=False)


def selected() -> list[str]:
    """Folders of the models that are measured, as dbt selects them."""
    folders = [f"{folder}/{group}" for group in GROUPS for folder in FOLDERS]
    return [f"path:{folder}" for folder in folders if (PROJECT / folder).is_dir()]


def read(pid: int) -> Reading | None:
    """Read a process; none where it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        # The name of the process, in brackets, may hold blanks.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, IndexError):
        return None
    return Reading(time.time(), pages * PAGE_GB, (int(fields[11]) + int(fields[12])) * TICK)


def watch(command: list[str], log: Path, environment: dict[str, str]) -> Watched:
    """Run a command to its end and read it on the way; RuntimeError with its last lines if it fails."""
    readings: list[Reading] = []
    ended = threading.Event()
    begun = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
        )

        def keep_reading() -> None:
            while not ended.wait(EVERY):
                if found := read(process.pid):
                    readings.append(found)

        reader = threading.Thread(target=keep_reading, daemon=True)
        reader.start()
        _, status, usage = os.wait4(process.pid, 0)
        ended.set()
        reader.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise RuntimeError(f"dbt failed, see {log}:\n" + "\n".join(last))
    cpu = usage.ru_utime + usage.ru_stime
    return Watched(time.monotonic() - begun, cpu, usage.ru_maxrss / 1024**2, readings)


def _moment(text: str) -> float:
    """A moment of dbt's results as seconds since 1970."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=UTC).timestamp()


def of_models(results: list[dict], readings: list[Reading]) -> list[dict]:
    """Seconds, CPU seconds and peak GB of each model, the slowest first.

    ``results`` are those of dbt's run_results.json. A model that ended between two readings has no peak.
    """
    found = []
    for result in results:
        steps = {step["name"]: step for step in result["timing"]}
        if "execute" not in steps:
            continue
        begin, end = (_moment(steps["execute"][at]) for at in ("started_at", "completed_at"))
        before = [reading.cpu for reading in readings if reading.at <= begin]
        during = [reading for reading in readings if begin < reading.at <= end]
        found.append(
            {
                "model": result["unique_id"].split(".")[-1],
                "seconds": round(result["execution_time"], 2),
                "cpu_seconds": round(during[-1].cpu - (before or [0.0])[-1], 2) if during else None,
                "peak_gb": round(max(reading.gb for reading in during), 2) if during else None,
            }
        )
    return sorted(found, key=lambda model: -model["seconds"])


def dbt(arguments: list[str], name: str, folder: Path, raw: Path, as_of: date, memory: str) -> Watched:
    """Run dbt on the databases of a folder, one model at a time; the target folder is ``target_<name>``."""
    environment = dbt_environment(folder, folder / f"target_{name}", 1, memory)
    variables = json.dumps({"raw_data_path": str(raw), "as_of_date": as_of.isoformat()})
    command = [str(Path(sys.executable).with_name("dbt")), *arguments, "--vars", variables]
    say(f"dbt {arguments[0]}, {name} …")
    run = watch(command, folder / f"dbt_{name}.log", environment)
    say(f"  {run.seconds:,.1f} s, {run.cpu_seconds:,.1f} s of CPU, {run.peak_gb:.2f} GB")
    return run


def prepare(folder: Path, raw: Path | None, memory: str) -> dict:
    """Build the small company and multiply what the models read; return what is known of the large one."""
    for leftover in folder.glob("*.duckdb*"):
        leftover.unlink()
    if raw is None:
        raw = folder / "raw"
        say("simulating the small company …")
        command = [sys.executable, "-m", "customer_success.simulate", "--days", str(DAYS)]
        command += ["--households", str(HOUSEHOLDS), "--events", str(EVENTS)]
        timed([*command, "--out", str(raw), "--truth", str(folder / "truth")], folder / "simulate.log")
    as_of, events, households = facts_of(raw)
    above = ["build", "--select", *(f"+{path}" for path in selected()), *NO_TESTS]
    dbt(above, "small", folder, raw, as_of, memory)
    say(f"multiplying by {TIMES} …")
    manifest = json.loads((folder / "target_small" / "manifest.json").read_text(encoding="utf-8"))
    rows = multiply(folder / "working.duckdb", inputs_of(manifest, measured(manifest)), TIMES, memory)
    facts = {"raw": str(raw), "as_of_date": as_of.isoformat(), "rows": rows}
    return facts | {"events": TIMES * events, "households": TIMES * households}


def measured(manifest: dict) -> list[str]:
    """The models of dbt's manifest that lie in the folders that are measured, by unique id."""
    folders = tuple(f"{folder.removeprefix('path:')}/" for folder in selected())
    nodes = manifest["nodes"].items()
    return [
        name
        for name, node in nodes
        if node["resource_type"] == "model" and node["original_file_path"].startswith(folders)
    ]


def measure(folder: Path, raw: Path | None, memory: str) -> dict:
    """Run the models on the large company, which is prepared unless the folder has it from an earlier run."""
    kept = folder / "large.json"
    if not kept.exists():
        kept.write_text(json.dumps(prepare(folder, raw, memory)), encoding="utf-8")
    facts = json.loads(kept.read_text(encoding="utf-8"))
    load = os.getloadavg()[0]
    command = ["run", "--select", *selected()]
    as_of = date.fromisoformat(facts["as_of_date"])
    run = dbt(command, "large", folder, Path(facts["raw"]), as_of, memory)
    results = json.loads((folder / "target_large" / "run_results.json").read_text(encoding="utf-8"))
    models = of_models(results["results"], run.readings)
    return {
        "measured_on": date.today().isoformat(),
        **{name: facts[name] for name in ("as_of_date", "events", "households")},
        "load_before": load,
        "limit": memory,
        "model_seconds": round(sum(model["seconds"] for model in models), 1),
        "model_cpu_seconds": round(sum(model["cpu_seconds"] or 0 for model in models), 1),
        "models": models,
        **{name: round(value, 2) for name, value in asdict(run).items() if name != "readings"},
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return 1 where an aim is missed."""
    p = argparse.ArgumentParser(prog="python -m bench.journeys", description=__doc__.split("\n")[0])
    p.add_argument("--raw", type=Path, help="raw files of a small company, if they are there already")
    p.add_argument("--work", type=Path, default=PROJECT / "build" / "bench", help="work folder")
    p.add_argument("--memory", default="6GB", help="DuckDB's memory limit")
    args = p.parse_args(arguments)
    work = args.work.resolve()
    folder = work / "journeys"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found = measure(folder, args.raw.resolve() if args.raw else None, args.memory)
    except (RuntimeError, OSError) as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 2
    (work / JOURNEYS_RESULT).write_text(json.dumps(found, indent=1), encoding="utf-8")
    for model in found["models"]:
        numbers = [model[name] for name in ("seconds", "cpu_seconds", "peak_gb")]
        shown = ["–".rjust(9) if number is None else f"{number:9.2f}" for number in numbers]
        print(f"{model['model']:<36}", *shown)
    for aim, measured, met in journeys_aims(found):
        print(f"{aim}: {measured}, {'met' if met else 'NOT met'}")
    return 0 if all(met for _, _, met in journeys_aims(found)) else 1


if __name__ == "__main__":
    sys.exit(main())
