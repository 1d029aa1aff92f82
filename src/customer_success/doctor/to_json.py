"""The report for programs. Its shape is stable: further keys may come, none changes its meaning."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from customer_success.doctor.examine import Report

FORMAT = 1
# Of a profile: findings say the rest.
COUNTS = (
    "rows", "null_keys", "loaded_twice", "collisions", "is_sampled", "deleted", "not_live", "received_early",
    "too_early", "unknown_households",
)  # fmt: skip


def as_json(report: Report) -> dict:
    """Return the report as a dict of texts, numbers, lists and dicts. Moments are ISO 8601 in UTC."""
    return {
        "format": FORMAT,
        "raw": report.place,
        "status": report.status,
        "seconds": round(report.seconds, 3),
        "tables": [_table(report, name) for name in sorted(report.found)],
        "absent": [
            {
                "table": name,
                "unknown": known.unknown if known else None,
                "reason": known.reason if known else None,
            }
            for name, known in report.absent.items()
        ],
        "links": [asdict(link) for link in report.links],
        "households": report.households,
        "unknown_words": [asdict(word) for word in report.unknown],
        "findings": [asdict(finding) for finding in report.findings],
        "seed_lines": [asdict(line) for line in report.seed_lines],
    }


def _table(report: Report, name: str) -> dict:
    found, read = report.found[name], report.profiles.get(name)
    return {
        "table": name,
        "file": found.place,
        "format": found.format,
        "problem": found.problem or None,
        "moment": found.table.moment,
        "first": _moment(read and read.first),
        "last": _moment(read and read.last),
        "newest_load": _moment(read and read.newest_load),
        "offsets": sum(one.with_offset for one in read.moments) if read else None,
        "epochs": sum(one.epoch for one in read.moments) if read else None,
        **{count: getattr(read, count, None) for count in COUNTS},
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
