"""Raw rows of some households, read by DuckDB: of each large table only the rows that can be about them.

Households, customers and subscriptions are read whole, since the rank of an MRR is one among all who pay.
A table that repeats a key is read with all rows of the key, of any household: which of them
counts is decided later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from customer_success.raw_database import attach_raw_database
from customer_success.recount.reading.contract import BY_NAME
from customer_success.recount.reading.landing import (
    Landed,
    changed_at,
    found_column,
    identifier,
    in_database,
    in_folder,
    read_column,
    row_hash,
    says,
    unreadable,
)
from customer_success.sentiment import Lexicon, score_messages

from . import billing, messages
from .collecting import collect
from .contract import SCHEMA
from .facts import World
from .loading import Raw, plain
from .rules import Rules
from .seeds import SEEDS
from .sifting import Staged
from .staging import stage
from .values import read_household, read_texts

Relations = dict[tuple[str, str], str]
HOUSEHOLDS = ("app", "households")
BILLING = (
    "customer subscription_history subscription_item discount subscription_discount coupon price plan product"
)
WHOLE = ("app.households", "meta.fx_rates", *(f"stripe.{name}" for name in BILLING.split()))
OF_HOUSEHOLD = (
    *("app.household_members", "app.pets", "app.feature_settings", "app.tasks", "product.events"),
    *("cs.check_ins", "survey.response", "hubspot.company"),
)


def raw_relations(
    connection: duckdb.DuckDBPyConnection, folder: Path | None, variables: Mapping[str, object]
) -> Relations:
    """Return how DuckDB reads each raw table: from files or, without a folder, from the connectors' schemas.

    A missing table is absent. Raises FileNotFoundError without a table of households.
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
    if HOUSEHOLDS not in found:
        raise FileNotFoundError(f"no raw table app.households in {folder or 'the database'} to recount from")
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
    return world_of(staged, households)


def sampled_rows(
    connection: duckdb.DuckDBPyConnection,
    relations: Relations,
    households: Iterable[str],
    as_of: int,
    rules: Rules,
) -> Staged:
    """Read and classify the raw rows that the recount of some households needs."""
    wanted = sorted(set(households))
    return stage(Reader(connection, relations).read(wanted, rules.household_keys), as_of, rules)


def world_of(staged: Staged, households: Iterable[str]) -> World:
    """Collect the facts about some households from their classified rows."""
    lines = billing.timelines(staged)
    known = set(households) & set(staged["app.households"]["id"])
    homes = collect(staged, lines, known, _languages(staged, known))
    return World(staged.as_of, staged.rules, lines, homes)


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


class Reader:
    """Reads the raw tables of a connection; ids are compared as text."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, relations: Relations):
        self.connection = connection
        self.relations = relations

    def read_all(self) -> Raw:
        """Read all tables whole."""
        raw = Raw(absent=set(SCHEMA) - set(self.relations))
        for source, table in SCHEMA:
            self._keep(raw, f"{source}.{table}")
        return raw

    def read(self, households: Iterable[str], keys: Sequence[str]) -> Raw:
        """Read the tables that the recount of these households needs; ``keys`` are those of metadata."""
        raw = Raw(absent=set(SCHEMA) - set(self.relations))
        for name in WHOLE:
            self._keep(raw, name)
        wanted = self._ids("wanted", households)
        for name in OF_HOUSEHOLD:
            self._keep(raw, name, household_id=wanted)
        customers = raw["stripe", "customer"]
        own = customers["metadata"].map(lambda text: read_household(text, keys)).isin(set(households))
        paying = self._ids("customers", read_texts(customers["id"][own]))
        self._keep(raw, "stripe.charge", customer_id=paying)
        companies = self._ids("companies", read_texts(raw["hubspot", "company"]["id"]))
        for name in ("hubspot.contact", "hubspot.engagement"):
            self._keep(raw, name, company_id=companies)
        self._read_desk(raw, wanted)
        for name in SCHEMA:
            if name not in raw:
                raw[name] = _empty(name)
        return raw

    def _read_desk(self, raw: Raw, wanted: str) -> None:
        """Read the tickets that can be the households', with the organizations and people they name."""
        self._keep(raw, "zendesk.organization", external_id=wanted)
        own = self._ids("own_organizations", read_texts(raw["zendesk", "organization"]["id"]))
        self._keep(raw, "zendesk.user", organization_id=own)
        people = self._ids("own_people", read_texts(raw["zendesk", "user"]["id"]))
        self._keep(raw, "zendesk.ticket", organization_id=own, requester_id=people)
        tickets = self._ids("tickets", read_texts(raw["zendesk", "ticket"]["id"]))
        for name in ("ticket_field_history", "ticket_comment", "ticket_tag"):
            self._keep(raw, f"zendesk.{name}", ticket_id=tickets)
        named = [raw["zendesk", "ticket"]["requester_id"], raw["zendesk", "ticket_comment"]["user_id"]]
        people = self._ids("people", [*read_texts(pd.concat(named))])
        self._keep(raw, "zendesk.user", id=people, organization_id=own)
        belongs = [raw["zendesk", "ticket"]["organization_id"], raw["zendesk", "user"]["organization_id"]]
        organizations = self._ids("organizations", [*read_texts(pd.concat(belongs))])
        self._keep(raw, "zendesk.organization", id=organizations, external_id=wanted)

    def _ids(self, name: str, values: Iterable[str | None]) -> str:
        """Put ids into a temporary table; return the query of them."""
        ids = pa.table({"id": pa.array(sorted({v for v in values if v is not None}), pa.string())})
        self.connection.register("recount_ids", ids)
        self.connection.execute(f"create or replace temp table recount_{name} as from recount_ids")
        self.connection.unregister("recount_ids")
        return f"(select id from recount_{name})"

    def _keep(self, raw: Raw, name: str, **ids: str) -> None:
        """Read a table's rows in which a column is among some ids, and all that have the single key of one.

        Without ids the whole table. Values come typed; what does not parse is null and marked (`_bad_moment`,
        `_bad_value`), as are rows that the source deleted or marks as a test.
        """
        source, table = name.split(".")
        if (source, table) in raw.absent:
            raw[source, table] = _empty((source, table))
            return
        contract, relation = BY_NAME[name], self.relations[source, table]
        described = self.connection.execute(f"describe from {relation}").fetchall()
        landed = Landed(relation, {row[0].lower(): row[1].upper() for row in described}, False)
        shown = {column: read_column(contract, column, landed) for column in contract.columns}
        shown |= {
            "_bad_moment": unreadable(contract, landed, moments=True),
            "_bad_value": unreadable(contract, landed, moments=False),
            "_fivetran_deleted": says(landed, ("_fivetran_deleted", "is_deleted"), "true"),
            "livemode": f"not {says(landed, ('livemode',), 'false')}",
            "_changed_at": changed_at(landed),
        }
        if name != "product.events":  # of events the first received counts
            shown["_hash"] = row_hash(contract, landed).replace("raw_row.", "landed.")
        listed = ", ".join(f"{value} as {identifier(column)}" for column, value in shown.items())
        found = {column: found_column(contract, column, landed) for column in (*ids, contract.key[0])}
        condition = " or ".join(
            f"{identifier(found[column])}::varchar in {query}"
            for column, query in ids.items()
            if found[column]
        )
        condition = condition or ("false" if ids else "true")
        if ids and len(contract.key) == 1 and found[contract.key[0]]:
            key = identifier(found[contract.key[0]])
            condition = f"{key} in (select {key} from {relation} where {condition})"
        rows = self.connection.execute(f"select {listed} from {relation} as landed where {condition}")
        raw[source, table] = plain(rows.to_arrow_table())


def _empty(name: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=object) for column in SCHEMA[name].columns})
