"""Raw rows read by DuckDB, typed as the contract says."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pandas as pd
import pyarrow as pa

from customer_success.recount.reading.contract import as_named
from customer_success.recount.reading.landing import (
    Landed,
    changed_at,
    found_column,
    identifier,
    read_column,
    row_hash,
    says,
    unreadable,
)

from .contract import SCHEMA
from .loading import Raw, plain

Relations = dict[tuple[str, str], str]


class Reader:
    """Reads the raw tables of a connection; ids are compared as text.

    ``household_property`` is the column of a company of the CRM that names its household.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        relations: Relations,
        household_property: str = "property_household_id",
    ):
        self.connection = connection
        self.relations = relations
        self.variables = {"hubspot_household_property": household_property}

    def read_all(self) -> Raw:
        """Read all tables whole."""
        raw = Raw(absent=set(SCHEMA) - set(self.relations))
        for source, table in SCHEMA:
            self.keep(raw, f"{source}.{table}")
        return raw

    def ids(self, name: str, values: Iterable[str | None]) -> str:
        """Put ids into a temporary table; return the query of them."""
        ids = pa.table({"id": pa.array(sorted({v for v in values if v is not None}), pa.string())})
        self.connection.register("recount_ids", ids)
        self.connection.execute(f"create or replace temp table recount_{name} as from recount_ids")
        self.connection.unregister("recount_ids")
        return f"(select id from recount_{name})"

    def landed(self, name: str) -> Landed:
        """Return a raw table that the company has, with its columns."""
        relation = self.relations[tuple(name.split("."))]
        described = self.connection.execute(f"describe from {relation}").fetchall()
        return Landed(relation, {row[0].lower(): row[1].upper() for row in described}, False)

    def typed(self, name: str, *columns: str) -> str:
        """Return a query of columns of a whole raw table, in the types of the contract; empty if absent."""
        contract = as_named(name, self.variables)
        if tuple(name.split(".")) not in self.relations:
            nothing = ", ".join(f"cast(null as {contract.columns[column]}) as {column}" for column in columns)
            return f"(select {nothing} where false)"
        landed = self.landed(name)
        listed = ", ".join(f"{read_column(contract, column, landed)} as {column}" for column in columns)
        return f"(select {listed} from {landed.relation} as landed)"

    def keep(self, raw: Raw, name: str, where: str = "false", **ids: str) -> None:
        """Read a table's rows in which a column is among some ids, and all that have the single key of one.

        ``where`` is a further condition on columns of the raw table; without both the whole table is read.
        Values come typed; what does not parse is null and marked (`_bad_moment`, `_bad_value`), as are rows
        that the source deleted or marks as a test.
        """
        source, table = name.split(".")
        if (source, table) in raw.absent:
            raw[source, table] = empty((source, table))
            return
        contract, landed = as_named(name, self.variables), self.landed(name)
        relation = landed.relation
        shown = {column: read_column(contract, column, landed) for column in contract.columns}
        shown |= {
            "_bad_moment": unreadable(contract, landed, moments=True),
            "_bad_value": unreadable(contract, landed, moments=False),
            "_fivetran_deleted": says(landed, ("_fivetran_deleted", "is_deleted"), "true"),
            "livemode": f"not {says(landed, ('livemode',), 'false')}",
            "_changed_at": changed_at(landed),
        }
        own_hash = row_hash(contract, landed).replace("raw_row.", "landed.")
        # Of events the first received counts, then the one with the lowest hash of what was received.
        shown["_hash"] = "md5(to_json(landed))" if name == "product.events" else own_hash
        listed = ", ".join(f"{value} as {identifier(column)}" for column, value in shown.items())
        found = {column: found_column(contract, column, landed) for column in (*ids, contract.key[0])}
        condition = " or ".join(
            f"{identifier(found[column])}::varchar in {query}"
            for column, query in ids.items()
            if found[column]
        )
        selects = bool(ids) or where != "false"
        condition = f"{condition or 'false'} or {where}" if selects else "true"
        if selects and len(contract.key) == 1 and found[contract.key[0]]:
            key = identifier(found[contract.key[0]])
            condition = f"{key} in (select {key} from {relation} where {condition})"
        rows = self.connection.execute(f"select {listed} from {relation} as landed where {condition}")
        raw[source, table] = plain(rows.to_arrow_table())


def empty(name: tuple[str, str]) -> pd.DataFrame:
    """Return a raw table without rows."""
    return pd.DataFrame({column: pd.Series(dtype=object) for column in SCHEMA[name].columns})
