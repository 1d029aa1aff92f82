"""Writes docs/benchmark.md from the kept results."""

from __future__ import annotations

import json
from pathlib import Path

from .measure import PROJECT

BUILD_TO_FLOOR = 1.5
MEMORY_GB = 10.0
MEMORY_FROM_EVENTS = 40_000_000  # the aim for memory is stated for 50 M events
DAY_SHARE = 0.05
GROWTH = 1.25  # seconds per event of the larger size against the smaller: "about linear"
TOP = 10
CHURN_RESULT = "result_churn.json"
CHURN_HOUSEHOLDS, CHURN_SNAPSHOTS = 200_000, 20
CHURN_SIZE = f"{CHURN_HOUSEHOLDS:,} × {CHURN_SNAPSHOTS}"
CHURN_SECONDS = 600
JOURNEYS_RESULT = "result_journeys.json"
JOURNEYS_SIZE = "200,000 × 104"
JOURNEYS_SECONDS, JOURNEYS_GB = 360, 8.0
LIFECYCLE_MODEL, LIFECYCLE_SECONDS = "int_lifecycle_run", 60


def saved_results(work: Path) -> list[dict]:
    """All kept results, smallest first."""
    found = [json.loads(f.read_text(encoding="utf-8")) for f in work.glob("result_*m.json")]
    return sorted(found, key=lambda result: result["events"])


def _table(header: list[str], rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _models(run: dict) -> float:
    return sum(run["models"].values())


def _of_health(run: dict) -> float:
    """Seconds of the models of health."""
    folders = ("models/intermediate/health", "models/marts/health", "python_models/health")
    names = {file.stem for folder in folders for file in (PROJECT / folder).iterdir()}
    return sum(seconds for name, seconds in run["models"].items() if name in names)


def aims(
    results: list[dict], churn: dict | None = None, journeys: dict | None = None
) -> list[tuple[str, str, bool | None]]:
    """Each aim, what was measured, and whether that meets it (none: not measured)."""
    found: list[tuple[str, str, bool | None]] = []
    for r in results:
        ratio = r["full"]["seconds"] / r["floor"]["seconds"]
        share = _models(r["day"]) / _models(r["full"])
        size = f"{r['events'] / 1e6:.1f} M"
        found.append(
            (
                f"{size}: full build ≤ {BUILD_TO_FLOOR} × floor",
                f"{ratio:.2f} ×",
                ratio <= BUILD_TO_FLOOR,
            )
        )
        found.append(
            (
                f"{size}: a day's models ≤ {DAY_SHARE:.0%} of a full build's",
                f"{share:.1%}",
                share <= DAY_SHARE,
            )
        )
        health = _of_health(r["full"]) / _of_health(r["floor"])
        aim = f"{size}: models of health ≤ {BUILD_TO_FLOOR} × floor"
        found.append((aim, f"{health:.2f} ×", health <= BUILD_TO_FLOOR))
        if r["events"] >= MEMORY_FROM_EVENTS:
            peak = max(r["full"]["peak_gb"], r["day"]["peak_gb"])
            found.append((f"{size}: memory under {MEMORY_GB:g} GB", f"{peak:.2f} GB", peak < MEMORY_GB))
    if results[-1]["events"] < MEMORY_FROM_EVENTS:
        found.append((f"memory under {MEMORY_GB:g} GB at 50 M events", "–", None))
    if churn:
        whole = churn["steps"][-1]
        size = f"churn model, {CHURN_SIZE}"
        seconds, peak = whole["seconds"], whole["peak_gb"]
        found.append((f"{size}: within {CHURN_SECONDS} s", f"{seconds:.0f} s", seconds <= CHURN_SECONDS))
        found.append((f"{size}: under {MEMORY_GB:g} GB", f"{peak:.2f} GB", peak < MEMORY_GB))
    found += journeys_aims(journeys) if journeys else []
    if len(results) > 1:
        small, large = results[0], results[-1]
        growth = large["full"]["seconds"] / small["full"]["seconds"]
        linear = large["events"] / small["events"]
        found.append(
            (
                f"growth about linear: time grows ≤ {GROWTH} × as much as events",
                f"{growth:.1f} × the time for {linear:.1f} × the events",
                growth / linear <= GROWTH,
            )
        )
    else:
        found.append(("growth about linear from 5 to 50 M", "one size measured only", None))
    return found


def _slowest(run: dict, other: dict, total: float) -> list[list[str]]:
    names = sorted(run["models"], key=run["models"].get, reverse=True)[:TOP]
    return [
        [
            f"`{name}`",
            f"{run['models'][name]:.2f}",
            f"{run['models'][name] / total:.0%}",
            f"{other['models'][name]:.2f}" if name in other["models"] else "–",
        ]
        for name in names
    ]


def saved_churn(work: Path) -> dict | None:
    """The kept result of ``python -m bench.churn``, or none."""
    file = work / CHURN_RESULT
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def _churn(found: dict | None) -> list[str]:
    """Section of the churn model: a row per step of a run."""
    if not found:
        return []
    lines = ["", f"## Churn model, {CHURN_SIZE} (households × snapshots)", ""]
    steps = [
        [f"`{s['step']}`", f"{s['seconds']:.1f}", f"{s['cpu_seconds']:.1f}", f"{s['peak_gb']:.2f}"]
        for s in [*found["steps"], *found.get("again", ())]  # not in results kept of old
    ]
    lines += _table(["step", "seconds", "of CPU", "peak GB so far"], steps)
    run, auc = found["run"], found["auc"]
    lines += [
        "",
        f"Status `{run['status']}`, {run['n_train']:,} rows to train on and {run['n_test']:,} to test, "
        f"{found['scored']:,} households scored. AUC of the test (a made-up table): "
        + ", ".join(f"{name} {a['value']:.3f}" for name, a in auc.items())
        + ".",
    ]
    return lines + [f"`{name}`: {note}." for name, note in found["samples"].items()]


def journeys_aims(found: dict) -> list[tuple[str, str, bool | None]]:
    """The aims of ``python -m bench.journeys``, as in `aims`."""
    seconds, peak = found["model_seconds"], found["peak_gb"]
    lifecycle = next(one["seconds"] for one in found["models"] if one["model"] == LIFECYCLE_MODEL)
    size = f"journeys, voice and growth, {JOURNEYS_SIZE}"
    return [
        (f"{size}: within {JOURNEYS_SECONDS} s", f"{seconds:.0f} s", seconds <= JOURNEYS_SECONDS),
        (f"{size}: under {JOURNEYS_GB:g} GB", f"{peak:.2f} GB", peak < JOURNEYS_GB),
        (
            f"`{LIFECYCLE_MODEL}`, {JOURNEYS_SIZE}: within {LIFECYCLE_SECONDS} s",
            f"{lifecycle:.0f} s",
            lifecycle <= LIFECYCLE_SECONDS,
        ),
    ]


def _journeys(found: dict | None) -> list[str]:
    """Section of the models of journeys, voice and growth: the slowest of them, and all together."""
    if not found:
        return []

    def row(model: dict) -> list[str]:
        numbers = [model[name] for name in ("seconds", "cpu_seconds", "peak_gb")]
        return [f"`{model['model']}`", *("–" if number is None else f"{number:.2f}" for number in numbers)]

    lines = ["", f"## Journeys, voice and growth, {JOURNEYS_SIZE} (households × weeks)", ""]
    lines += _table(["model", "seconds", "of CPU", "peak GB"], [row(one) for one in found["models"][:TOP]])
    return [
        *lines,
        "",
        f"All {len(found['models'])} models, one at a time: {found['model_seconds']:.0f} s, "
        f"{found['model_cpu_seconds']:.0f} s of CPU, {found['peak_gb']:.2f} GB; with dbt's start "
        f"{found['seconds']:.0f} s. {found['households']:,} households, {found['events']:,} events: a "
        f"company of 2,000 households, multiplied; limit of DuckDB's memory {found['limit']}, load before "
        f"{found['load_before']:.1f}, measured on {found['measured_on']}.",
    ]


def saved_journeys(work: Path) -> dict | None:
    """The kept result of ``python -m bench.journeys``, or none."""
    file = work / JOURNEYS_RESULT
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def render(results: list[dict], churn: dict | None = None, journeys: dict | None = None) -> tuple[str, bool]:
    """The document, and whether every aim that was measured is met."""
    if not results:
        return "# Benchmark\n\nNothing has been measured yet: `make bench`.\n", True
    verdicts = aims(results, churn, journeys)
    words = {True: "met", False: "**NOT MET**", None: "not measured"}
    lines = [
        "# Benchmark",
        "",
        "Written by `make bench` (`python -m bench`); do not edit. The data are simulated. The",
        "floor is the compiled SQL of the same models as plain statements in one DuckDB process",
        "with as many threads and as much memory. 'Full' and 'day' are whole `dbt build` commands",
        "without tests, start and parsing included; 'models' is the sum of the models' own",
        "execution times (those that ran side by side add up to more than the clock shows).",
        "Memory is the peak of the process.",
        "",
        "## Aims",
        "",
        *_table(["aim", "measured", "verdict"], [[a, m, words[ok]] for a, m, ok in verdicts]),
        "",
        "## Figures",
        "",
    ]
    header = ["", *(f"{r['events'] / 1e6:.1f} M events" for r in results)]
    figures = {
        "measured on": lambda r: r["measured_on"],
        "data up to": lambda r: r["as_of_date"],
        "events": lambda r: f"{r['events']:,}",
        "households": lambda r: f"{r['households']:,}",
        "raw files, GB": lambda r: f"{r['raw_gb']:.2f}",
        "database, GB": lambda r: f"{r['database_gb']:.2f}",
        "full build, s": lambda r: f"{r['full']['seconds']:.1f}",
        "full build, models, s": lambda r: f"{_models(r['full']):.1f}",
        "full build, memory, GB": lambda r: f"{r['full']['peak_gb']:.2f}",
        "one more day, s": lambda r: f"{r['day']['seconds']:.1f}",
        "one more day, models, s": lambda r: f"{_models(r['day']):.1f}",
        "one more day, memory, GB": lambda r: f"{r['day']['peak_gb']:.2f}",
        "floor, s": lambda r: f"{r['floor']['seconds']:.1f}",
        "floor, memory, GB": lambda r: f"{r['floor']['peak_gb']:.2f}",
        "models of health, full build, s": lambda r: f"{_of_health(r['full']):.1f}",
        "models of health, floor, s": lambda r: f"{_of_health(r['floor']):.1f}",
        "full build / floor": lambda r: f"{r['full']['seconds'] / r['floor']['seconds']:.2f}",
        "day's models / full build's": lambda r: f"{_models(r['day']) / _models(r['full']):.1%}",
        "models that dbt built at a time": lambda r: str(r["threads"]),
        "limit of DuckDB's memory": lambda r: r["memory"],
        "load of the machine before": lambda r: f"{r['load_before']:.1f}",
    }
    lines += _table(header, [[name, *map(value, results)] for name, value in figures.items()])
    for r in results:
        lines += ["", f"## Slowest models, {r['events'] / 1e6:.1f} M events", ""]
        lines += _table(
            ["full build", "seconds", "share", "floor"],
            _slowest(r["full"], r["floor"], _models(r["full"])),
        )
        slowest = _slowest(r["day"], r["full"], _models(r["day"]))
        lines += ["", *_table(["one more day", "seconds", "share", "full build"], slowest)]
    lines += _churn(churn) + _journeys(journeys)
    lines += ["", "## Measured with", ""]
    lines += [f"* {name}: {value}" for name, value in results[-1]["machine"].items()]
    return "\n".join(lines) + "\n", all(ok is not False for _, _, ok in verdicts)
