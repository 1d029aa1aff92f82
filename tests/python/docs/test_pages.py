"""The documents name paths, models and links that exist, list all published tables, and use plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from harness import REPOSITORY

PAGES = [
    *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md")),
    *sorted((REPOSITORY / "docs").glob("*.md")),
    REPOSITORY / "examples" / "oulad" / "README.md",
]
# Folders that commands write: a clean checkout has none of them.
MADE = ("build", "data", "logs", "target", "versions", "warehouse")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.*<>-]+(/[\w.*<>-]+)+/?|[a-z][\w-]*\.(md|yml|toml)")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
MODEL = re.compile(r"(base|stg|int|dim|fct|rpt|ml)_[a-z0-9_]+")
NO_MODELS = {"base_rate"}  # a candidate of the classifier
TITLE = re.compile(r"^#+ (.*)$", re.M)
# Phrases that readers stumbled over; sentences do not begin with "Who", except questions.
RIDDLES = re.compile(
    r"\b(to come|foretell|foretold|is said|vouche?s?|deserve it|hangs? on|made up for|whoever)\b"
    r"|(?:^|[.:] )Who [^?|]*?(?:\.|$)",
    re.M,
)


def named_paths(markdown: str) -> list[str]:
    """Return the paths in backticks; those of folders that commands make are left out."""
    words = [word.rstrip("/") for word in CODE.findall(_outside_of_blocks(markdown)) if PATH.fullmatch(word)]
    return [word for word in words if word.split("/")[0] not in MADE]


def named_models(markdown: str) -> set[str]:
    """Return the models in backticks; a name with a placeholder or a star is none."""
    return {word for word in CODE.findall(_outside_of_blocks(markdown)) if MODEL.fullmatch(word)}


def broken_links(page: Path, markdown: str) -> list[str]:
    """Return the links of a page that lead to no file, or to no heading of it."""
    broken = []
    for target, anchor in LINK.findall(_outside_of_blocks(markdown)):
        file = (page.parent / target).resolve() if target else page
        if not file.exists():
            broken.append(target)
        elif anchor and anchor[1:] not in anchors(file.read_text(encoding="utf-8")):
            broken.append(target + anchor)
    return broken


def anchors(markdown: str) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    titles = TITLE.findall(_outside_of_blocks(markdown))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def missing(paths: list[str], root: Path) -> list[str]:
    """Return the paths that do not exist under ``root`` or the package; ``<x>`` and ``*`` are any name."""
    places = (root, root / "src" / "customer_success")
    return [path for path in paths if not any(_exists(place, path) for place in places)]


def published_tables() -> set[str]:
    """Return the models of the marts that ``analytics.duckdb`` has."""
    tables = {file.stem for file in (REPOSITORY / "models" / "marts").rglob("*.sql")}
    for file in (REPOSITORY / "models" / "marts").rglob("*.yml"):
        for model in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("models") or []:
            # Names, addresses and quotes: only the restricted file has them.
            restricted = model.get("access") == "protected"
            if restricted or model.get("config", {}).get("meta", {}).get("published") is False:
                tables.discard(model["name"])
    return tables


def listed_tables(markdown: str) -> list[str]:
    """Return the tables that the section *What you get* lists, one per row of a Markdown table."""
    section = markdown.split("## What you get")[1].split("\n## ")[0]
    return re.findall(r"^`(\w+)` \| \S", section, re.M)


def _exists(place: Path, path: str) -> bool:
    pattern = re.sub(r"<\w[\w ]*>", "*", path)
    return any(place.glob(pattern)) if "*" in pattern else (place / path).exists()


def _outside_of_blocks(markdown: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", markdown, flags=re.M | re.S)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name
)
def test_paths_exist(page):
    assert missing(named_paths(page.read_text(encoding="utf-8")), REPOSITORY) == []


def test_paths_are_found():
    assert sum(len(named_paths(page.read_text(encoding="utf-8"))) for page in PAGES) > 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_models_exist(page):
    files = [*(REPOSITORY / "models").rglob("*.sql"), *(REPOSITORY / "python_models").rglob("*.py")]
    unknown = named_models(page.read_text(encoding="utf-8")) - {file.stem for file in files} - NO_MODELS
    assert unknown == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_words_are_plain(page):
    text = _outside_of_blocks(page.read_text(encoding="utf-8"))
    assert [found[0] for found in RIDDLES.finditer(text)] == []


@pytest.mark.parametrize(
    "text",
    ["The rest is to come.", "It is said for 90 days.", "Odd. Who was there stays.", "Who left stays."],
)
def test_riddles_are_seen(text):
    assert RIDDLES.search(text)
    assert not RIDDLES.search("Who left? The household says when it comes.")


def test_readme_lists_the_published_tables():
    listed = listed_tables((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert len(listed) == len(set(listed))
    assert set(listed) == published_tables()


def test_readme_is_short():
    assert len((REPOSITORY / "README.md").read_text(encoding="utf-8").split()) <= 1500


def test_what_does_not_exist_is_seen(tmp_path):
    (tmp_path / "models" / "app").mkdir(parents=True)
    (tmp_path / "page.md").write_text("# One title\n", encoding="utf-8")
    markdown = (
        "`models/app`, `models/<source>`, `models/nothing`, `models/*/x.sql`, `warehouse/x.duckdb`, `a = b/c`"
    )
    assert missing(named_paths(markdown), tmp_path) == ["models/nothing", "models/*/x.sql"]
    links = "[a](page.md), [b](page.md#one-title), [c](page.md#another), [d](none.md), [e](https://a.b)"
    assert broken_links(tmp_path / "index.md", links) == ["page.md#another", "none.md"]
    assert named_models("`fct_nothing`, `fct_<x>`, `fct_`, fct_other") == {"fct_nothing"}
    assert listed_tables("## What you get\n`fct_a` | a\n`fct_b` |\n\n## Next\n`fct_c` | c") == ["fct_a"]
