"""The report on the screen, at 80 columns and more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from customer_success.doctor.examine import Report
from customer_success.doctor.finding import BLOCKS, LOOK, NOTE, Finding, counted
from customer_success.doctor.links import NO_HOUSEHOLD
from customer_success.doctor.profile import SAMPLE, Profile

HEADINGS = {BLOCKS: "Blocks the build", LOOK: "Worth a look"}
# Notes that are columns of the tables above already.
COUNTED = {"loaded_twice", "deleted", "not_live", "received_early", "offset", "epoch", "absent_table"}


NAMED = {"stripe": "with a Stripe customer", "desk": "with a desk organisation", "crm": "with a CRM company"}
EXPLAINED = (
    "deleted: at the source; not live: test mode; again: further rows of a key, of which one counts;"
    " collide: one key, several households; early: occurred after receipt."
)


def show(report: Report, console: Console) -> None:
    """Print the report: tables, what is absent, times, rows, links, columns, what to do, lines of seeds."""
    rows = sum(read.rows for read in report.profiles.values())
    blocking = sum(finding.level == BLOCKS for finding in report.findings)
    console.print(
        f"[bold]{escape(report.place)}[/bold]: {len(report.found)} raw tables, {rows:,} rows,"
        f" read in {report.seconds:.1f} s",
        soft_wrap=True,
    )
    _tables(report, console)
    _absent(report, console)
    _times(report, console)
    _left_out(report, console)
    _links(report, console)
    _notes(report, console)
    _what_to_do(report, console)
    _lines(report, console)
    if blocking:
        said = f"[bold red]{counted(blocking, 'finding')} above would stop a build.[/bold red]"
    else:
        said = f"[bold green]Nothing blocks a build.[/bold green] Next: {escape(report.next)}"
    console.print(f"\n{said}", soft_wrap=True)


def _tables(report: Report, console: Console) -> None:
    table = _table("Tables that are there", "table", ">rows", "format", "newest load")
    for name, found in sorted(report.found.items()):
        read = report.profiles.get(name)
        rows = f"{read.rows:,}" if read else "not readable"
        table.add_row(escape(name), rows, found.format, _minute(read.newest_load if read else None))
    _print(table, console, "no raw table of the contract is there")


def _absent(report: Report, console: Console) -> None:
    table = _table("Tables that are absent", "table", "unknown (null) for want of it")
    for name, known in report.absent.items():
        table.add_row(name, escape(known.unknown) if known else "what is read from it")
    _print(table, console, "none")


def _times(report: Report, console: Console) -> None:
    table = _table("Times (UTC)", "table", "first", "last", ">offset", ">epoch")
    for name, read in sorted(report.profiles.items()):
        if not read.first and not any(one.with_offset or one.epoch for one in read.moments):
            continue
        offsets = sum(one.with_offset for one in read.moments)
        epochs = sum(one.epoch for one in read.moments)
        table.add_row(name, _day(read.first), _day(read.last), _count(offsets), _count(epochs))
    _print(table, console, "no table has moments")
    if table.row_count:
        console.print("offset: moments with an offset or zone; epoch: written as whole numbers.", style="dim")


def _left_out(report: Report, console: Console) -> None:
    headings = (">deleted", ">not live", ">again", ">collide", ">early")
    table = _table("Rows that do not count as they are", "table", *headings)
    sampled = False
    for name, read in sorted(report.profiles.items()):
        counts = (read.deleted, read.not_live, read.loaded_twice, read.collisions, read.received_early)
        if any(counts):
            about = [_about(count, read) for count in (read.loaded_twice, read.collisions)]
            sampled |= read.is_sampled
            table.add_row(
                name, _count(read.deleted), _count(read.not_live), *about, _count(read.received_early)
            )
    _print(table, console, "none")
    if table.row_count:
        console.print(EXPLAINED, style="dim")
    if sampled:
        console.print(f"~: estimated from one key in {SAMPLE}; all other counts are exact.", style="dim")


def _links(report: Report, console: Console) -> None:
    table = _table("Links to households", "of", ">all", "by", ">linked")
    earlier = ""
    for link in report.links:
        things = f"{link.system} {link.things}"
        shown = ("", "") if things == earlier else (things, f"{link.total:,}")
        off = "" if link.is_read or link.by == NO_HOUSEHOLD else " (off)"
        table.add_row(*shown, escape(link.by) + off, f"{link.linked:,}")
        earlier = things
    _print(table, console, "no customers, tickets or companies to link")
    if any(not link.is_read and link.by != NO_HOUSEHOLD for link in report.links):
        console.print("(off): would link so many, but its var is not set.", style="dim")
    counts = report.households
    named = [f"{what} {counts[system]:,}" for system, what in NAMED.items() if system in counts]
    if named:
        console.print(f"Of {counts['all']:,} households: {', '.join(named)}.")


def _notes(report: Report, console: Console) -> None:
    table = _table("Notes: nothing to do", "where", "what")
    together: dict[tuple[str, str], list[str]] = {}
    for finding in report.findings:
        if finding.level == NOTE and finding.kind not in COUNTED:
            where, _, column = finding.where.rpartition(".")
            is_optional = finding.kind == "optional_column"
            key = (column if is_optional else finding.where, finding.message)
            together.setdefault(key, []).append(where)
    for (where, message), tables in together.items():
        if len(tables) > 1:
            shown = f"{where} ({len(tables)} tables)"
        else:
            shown = ".".join(filter(None, (tables[0], where.rpartition(".")[2])))
        table.add_row(_shown(shown), _shown(message))
    _print(table, console, "")


def _what_to_do(report: Report, console: Console) -> None:
    number = 0
    for level, heading in HEADINGS.items():
        findings = [finding for finding in report.findings if finding.level == level]
        if not findings:
            continue
        console.print(f"\n[bold]What to do: {heading.lower()}[/bold]")
        table = Table.grid(padding=(0, 1))
        table.add_column(justify="right")
        table.add_column(overflow="fold")
        for finding in findings:
            number += 1
            table.add_row(f"{number}.", _sentence(finding))
        console.print(table)
    if not number:
        console.print("\n[bold]What to do:[/bold] nothing")


def _lines(report: Report, console: Console) -> None:
    files = dict.fromkeys((line.file, line.header) for line in report.seed_lines)
    for file, header in files:
        console.print(f"\n[bold]Lines to add to {escape(file)}[/bold] ({escape(header)}):", soft_wrap=True)
        for line in report.seed_lines:
            if line.file == file:
                console.print(_shown(line.line), highlight=False, soft_wrap=True)


def _sentence(finding: Finding) -> str:
    where, file, message = _shown(finding.where), _shown(finding.file), _shown(finding.message)
    example = f" Example: {_shown(finding.example)}." if finding.example else ""
    action = f" [bold]→[/bold] {_shown(finding.action)}" if finding.action else ""
    return f"[cyan]{where}[/cyan]{f' ({file})' if file else ''}: {message}.{example}{action}"


def _shown(text: str) -> str:
    """Return text of raw data without markup and control characters, which could rewrite the screen."""
    return escape("".join(sign if sign.isprintable() else "?" for sign in text))


def _table(title: str, *columns: str) -> Table:
    """Return a table; a column whose name begins with ``>`` is of numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        name = column.removeprefix(">")
        table.add_column(name, justify="right" if name != column else "left", overflow="fold")
    return table


def _print(table: Table, console: Console, nothing: str) -> None:
    console.print()
    if table.row_count:
        console.print(table)
    elif nothing:
        console.print(f"[bold]{table.title}:[/bold] {nothing}")


def _about(count: int | None, read: Profile) -> str:
    return ("~" if read.is_sampled and count else "") + _count(count)


def _count(count: int | None) -> str:
    return "" if not count else f"{count:,}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "unknown"


def one_line(problems: Iterable[str], console: Console) -> None:
    """Print why nothing was examined."""
    for problem in problems:
        console.print(problem, markup=False, soft_wrap=True)
