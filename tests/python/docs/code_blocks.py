"""Code blocks of the documentation: found, and run or checked as far as their kind allows."""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import duckdb
import pandas as pd
import yaml
from harness import REPOSITORY

from customer_success.claims.__main__ import read_metrics, read_settings
from customer_success.claims.check import problems

PAGES = sorted(
    {
        *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md")),
        *(REPOSITORY / "docs").glob("*.md"),
        *(REPOSITORY / "src").rglob("README.md"),
        *(REPOSITORY / "examples").rglob("README.md"),
    }
)
NOT_RUN = re.compile(r"\s*<!-- not run: (\S.*\S) -->\s*")
FENCE = re.compile(r"^(?P<indent>\s*)```(?P<language>\w*)\s*$")
OF_WAREHOUSE = ("python", "sql")  # run on a built database
# The part of Mermaid's flowcharts that the documents use: nodes, subgraphs and arrows.
NODE = re.compile(r'(\w+)(?:\["[^"]+"\]|\[\("[^"]+"\)\])')
ARROW = re.compile(r"(\w+) (?:-->|-\.->) (\w+)")
SUBGRAPH = re.compile(r'subgraph \w+\["[^"]+"\]')
SECONDS = 300


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, its language, its text, and why it is not run (None: it is)."""

    page: str
    line: int
    language: str
    text: str
    not_run: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


class Broken(AssertionError):
    """A block that does not work as a reader expects."""


def blocks_of(page: str, markdown: str) -> list[Block]:
    """List the blocks of a page; a comment ``<!-- not run: reason -->`` right before one excuses it."""
    found, lines, number = [], markdown.splitlines(), 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if not fence:
            number += 1
            continue
        end = next(i for i in range(number + 1, len(lines)) if lines[i].strip() == "```")
        indent = len(fence["indent"])
        text = "\n".join(line[indent:] for line in lines[number + 1 : end])
        excuse = NOT_RUN.fullmatch(lines[number - 1]) if number else None
        found.append(Block(page, number + 1, fence["language"], text, excuse[1] if excuse else None))
        number = end + 1
    return found


def all_blocks() -> list[Block]:
    """All blocks of all pages."""
    return [
        block
        for page in PAGES
        for block in blocks_of(str(page.relative_to(REPOSITORY)), page.read_text(encoding="utf-8"))
    ]


def needs_warehouse(block: Block) -> bool:
    """Whether a block runs on a built database."""
    return block.language in OF_WAREHOUSE or (block.language == "sh" and " -c " in block.text)


def check(block: Block, folder: Path | None = None) -> None:
    """Run or check a block; raises `Broken`. ``folder``: the project with a built database, for what runs."""
    if block.language == "python":
        run([sys.executable, "-c", block.text], folder)
    elif block.language == "sql":
        run_sql(block.text, folder / "warehouse" / "working.duckdb")
    elif block.language == "sh":
        for command in commands(block.text):
            check_command(command, folder)
    elif block.language == "text":
        for command in re.findall(r"^\$ (.*)$", block.text, re.M):
            check_command(shlex.split(command), folder)
    elif block.language == "yaml":
        check_yaml(block.text)
    elif block.language == "csv":
        check_csv(block.text)
    elif block.language == "diff":
        check_diff(block.text)
    elif block.language == "mermaid":
        check_mermaid(block.text)
    else:
        raise Broken(f"{block}: no language that is known here: {block.language!r}")


def run(command: list[str], folder: Path) -> str:
    """Run a command in a folder; return its output."""
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env=dict(os.environ),
    )
    if done.returncode:
        raise Broken(f"{shlex.join(command)[:200]}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def run_sql(text: str, database: Path) -> None:
    """Run each statement, read-only."""
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            for statement in connection.extract_statements(text):
                connection.execute(statement).fetchall()
        except duckdb.Error as problem:
            raise Broken(f"{text}\n{problem}") from problem


def commands(text: str) -> list[list[str]]:
    """The commands of a shell block as words, without comments (``# …``) and without settings before them."""
    text = re.sub(r"(?m)(^|\s)#\s.*$", "", text).replace("\\\n", " ")
    words = shlex.shlex(text, posix=True, punctuation_chars=";&|\n")
    words.whitespace, words.whitespace_split, words.commenters = " \t", True, ""
    found: list[list[str]] = [[]]
    for word in words:
        if set(word) <= set(";&|\n"):
            found.append([])
        elif found[-1] or not re.match(r"[A-Z_]+=", word):
            found[-1].append(word)
    return [command for command in found if command]


def check_command(command: list[str], folder: Path | None) -> None:
    """Compare a command with the program that it calls; unknown programs need an excuse."""
    name, *rest = command
    name = Path(name).name
    if name == "make":
        _check_make(rest)
    elif name == "python" and rest[:1] == ["-c"]:
        run([sys.executable, *rest], folder)
    elif name == "python":
        _check_options(rest)
    elif name in ("dbt", "mf"):
        _check_click(name, rest)
    elif name == "cp":
        if not ((REPOSITORY / rest[0]).exists() or rest[0].startswith("my_")):
            raise Broken(f"cp: there is no {rest[0]}")
    else:
        raise Broken(f"{name}: not known here; say why it is not run")


def _check_make(words: list[str]) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for word in words:
        wanted = rf"^{word.split('=')[0]}\s*\?=" if "=" in word else rf"^{re.escape(word)}:"
        if not re.search(wanted, makefile, re.M):
            raise Broken(f"make: the Makefile has no {word}")


def _check_options(words: list[str]) -> None:
    program = ["-m", words[1]] if words[0] == "-m" else [words[0]]
    message = _help(tuple(program))
    for word in words[len(program) :]:
        if word.startswith("--") and not re.search(
            rf"(?<![\w-]){re.escape(word.split('=')[0])}(?![\w-])", message
        ):
            raise Broken(f"{' '.join(program)} has no option {word}")


@cache
def _help(program: tuple[str, ...]) -> str:
    return run([sys.executable, *program, "--help"], REPOSITORY)


def _check_click(name: str, words: list[str]) -> None:
    """Let dbt or MetricFlow read the arguments, without running anything."""
    if name == "dbt":
        from dbt.cli.main import cli
    else:
        from dbt_metricflow.cli.main import cli
    command = cli.commands.get(words[0])
    if command is None:
        raise Broken(f"{name} has no command {words[0]}")
    try:
        command.make_context(words[0], list(words[1:]), parent=click.Context(cli, info_name=name))
    except click.UsageError as problem:
        raise Broken(f"{name} {shlex.join(words)}: {problem.format_message()}") from problem


def check_yaml(text: str) -> None:
    try:
        yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise Broken(f"{text}\n{problem}") from problem


def check_csv(text: str) -> None:
    """Each row has the columns of the header; claims are well formed."""
    header, *rows = csv.reader(io.StringIO(text))
    for row in rows:
        if len(row) != len(header):
            raise Broken(f"{len(row)} cells under {len(header)} columns: {row}")
    if header[0] == "claim_id":
        table = pd.read_csv(io.StringIO(text), dtype={"period_a": str, "period_b": str})
        wrong = problems(table, read_metrics(REPOSITORY), read_settings(REPOSITORY)["widest"])
        if wrong:
            raise Broken("; ".join(wrong))


def check_diff(text: str) -> None:
    """A removed line is in a seed."""
    seeds = [file.read_text(encoding="utf-8") for file in (REPOSITORY / "seeds").rglob("*.csv")]
    for line in text.splitlines():
        if line.startswith("-") and not any(f"{line[1:]}\n" in seed for seed in seeds):
            raise Broken(f"no seed has the line {line[1:]}")


def check_mermaid(text: str) -> None:
    """A flowchart whose arrows join declared nodes, each subgraph closed."""
    first, *lines = text.splitlines()
    if first not in ("flowchart TD", "flowchart LR"):
        raise Broken(f"not a flowchart: {first}")
    nodes, ends, depth = set(), set(), 0
    for line in map(str.strip, lines):
        if node := NODE.fullmatch(line):
            nodes.add(node[1])
        elif arrow := ARROW.fullmatch(line):
            ends.update(arrow.groups())
        elif SUBGRAPH.fullmatch(line):
            depth += 1
        elif line == "end" and depth:
            depth -= 1
        else:
            raise Broken(f"not a line of a flowchart: {line}")
    if depth or ends - nodes:
        raise Broken(f"subgraphs left open: {depth}; arrows without a node: {sorted(ends - nodes)}")
