"""Raw rows of some households, read by DuckDB: of each large table only the rows that can be about them.

Households, customers and subscriptions are read whole, since the rank of an MRR is one among all who pay.
A table that repeats a key is read with all rows of the key, of any household: which of them
counts is decided later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from customer_success.raw_database import attach_raw_database
from customer_success.recount.reading.contract import BY_NAME
from customer_success.recount.reading.landing import in_database, in_folder
from customer_success.sentiment import Lexicon, score_messages

from . import billing, messages
from .collecting import collect
from .contract import SCHEMA
from .crm_sample import read_crm
from .desk_sample import read_desk
from .facts import Seen, World
from .growth_sample import read_growth, seen_in
from .loading import Raw
from .reader import Reader, Relations, empty
from .rules import Rules
from .seeds import SEEDS
from .sifting import Staged
from .staging import stage
from .values import read_household, read_texts, stamp

HOUSEHOLDS = ("app", "households")
BILLING = (
    "customer subscription_history subscription_item discount subscription_discount coupon price plan product"
)
WHOLE = ("app.households", "meta.fx_rates", *(f"stripe.{name}" for name in BILLING.split()))
OF_HOUSEHOLD = (
    *("app.household_members", "app.pets", "app.feature_settings", "app.tasks", "product.events"),
    *("cs.check_ins", "survey.response", "survey.invitation", "cs.deliveries", "cs.reviews"),
    *("cs.review_requests", "cs.advocacy_activities", "cs.success_plans"),
)


def raw_relations(
    connection: duckdb.DuckDBPyConnection, folder: Path | None, variables: Mapping[str, object]
) -> Relations:
    """Return how DuckDB reads each raw table: from files or, without a folder, from the connectors' schemas.

    A missing table is absent.
    """
    catalog = None
    if not folder:
        (own,) = connection.execute("select current_database()").fetchone()
        catalog = attach_raw_database(connection) or own
    found = {}
    for source, table in SCHEMA:
        for name in (table, *BY_NAME[f"{source}.{table}"].other_tables):
            if folder:
                relation, _ = in_folder(folder, source, name)
            else:
                relation = in_database(connection, catalog, variables, source, name)
            if relation:
                found.setdefault((source, table), relation)
    return found


def sampled_world(
    connection: duckdb.DuckDBPyConnection,
    relations: Relations,
    households: Iterable[str],
    as_of: int,
    rules: Rules,
) -> World:
    """Recount some households from their raw rows, as known at the end of day `as_of`."""
    staged = sampled_rows(connection, relations, households, as_of, rules)
    return world_of(staged, households, seen_in(Reader(connection, relations), as_of, rules))


def sampled_rows(
    connection: duckdb.DuckDBPyConnection,
    relations: Relations,
    households: Iterable[str],
    as_of: int,
    rules: Rules,
) -> Staged:
    """Read and classify the raw rows that the recount of some households needs."""
    wanted = sorted(set(households))
    reader = Reader(connection, relations, rules.household_property)
    return stage(read_households(reader, wanted, as_of, rules), as_of, rules)


def world_of(staged: Staged, households: Iterable[str], seen: Seen) -> World:
    """Collect the facts about some households from their classified rows; ``seen`` is of all rows."""
    lines = billing.timelines(staged)
    known = set(households) & set(staged["app.households"]["id"])
    homes = collect(staged, lines, known, _languages(staged, known))
    return World(staged.as_of, staged.rules, lines, homes, seen)


def _languages(staged: Staged, wanted: set[str]) -> dict[str, str]:
    """Detect the language of each message with the project's own detector; nothing else of it is reused."""
    texts = messages.texts(staged, wanted)
    found = pa.table(
        {
            "message_id": pa.array([message for message, *_ in texts], pa.string()),
            "text_hash": pa.nulls(len(texts), pa.string()),
            "message_text": pa.array([text for *_, text in texts], pa.string()),
        }
    )
    words, themes = (
        pd.read_csv(SEEDS / "feedback" / f"{name}.csv") for name in ("emotion_words", "complaint_themes")
    )
    scored = score_messages(found, Lexicon.from_rules(words, themes))
    return dict(zip(scored["message_id"].to_pylist(), scored["language"].to_pylist(), strict=True))


def read_households(reader: Reader, households: Iterable[str], as_of: int, rules: Rules) -> Raw:
    """Read the raw rows that the recount of these households at the end of day `as_of` needs."""
    raw = Raw(absent=set(SCHEMA) - set(reader.relations))
    for name in WHOLE:
        reader.keep(raw, name)
    wanted = reader.ids("wanted", households)
    for name in OF_HOUSEHOLD:
        reader.keep(raw, name, household_id=wanted)
    plans = reader.ids("success_plans", read_texts(raw["cs", "success_plans"]["id"]))
    reader.keep(raw, "cs.success_criteria", plan_id=plans)
    customers = raw["stripe", "customer"]
    own = customers["metadata"].map(lambda text: read_household(text, rules.household_keys))
    own = own.isin(set(households))
    paying = reader.ids("customers", read_texts(customers["id"][own]))
    reader.keep(raw, "stripe.charge", customer_id=paying)
    read_desk(reader, raw, wanted, stamp(as_of + 1), rules.link_by_email)
    read_crm(reader, raw, wanted, rules.link_by_domain)
    read_growth(reader, raw, set(households))
    for name in SCHEMA:
        if name not in raw:
            raw[name] = empty(name)
    return raw
