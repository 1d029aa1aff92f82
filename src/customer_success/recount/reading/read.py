"""Reads the raw tables into a DuckDB connection: ``raw_read`` has all rows, ``raw_kept`` those that hold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

from customer_success.recount.reading.classify import (
    Terms,
    classified_rows,
    in_time,
    kept_columns,
    repeated_keys,
    timed_rows,
)
from customer_success.recount.reading.contract import BY_NAME, TABLES, RawTable, as_named
from customer_success.recount.reading.crm import (
    LINKED,
    OWNERS,
    RECIPIENTS,
    as_landed,
    domain_homes,
    linked_companies,
    survivors,
)
from customer_success.recount.reading.desk import MERGED, requester_homes
from customer_success.recount.reading.landing import Landed, attach, land

EVENTS = BY_NAME["product.events"]
SCHEMAS = ("raw_read", "raw_kept", "raw_work")
HOUSEHOLD_KEYS = ("household_id", "householdId", "external_id")


def read_raw(
    connection: duckdb.DuckDBPyConnection,
    raw: Path | None,
    database: Path,
    as_of_date: date,
    variables: dict,
    ledger: Path | None = None,
) -> None:
    """Create the schemas ``raw_kept`` and ``raw_read`` with a relation ``<source>__<table>`` per raw table.

    ``raw`` is the folder of raw files; None reads the source schemas of ``database`` (attached read-only).
    ``raw_kept`` has the rows that hold at ``as_of_date`` with the contract's columns and ``household_id``
    where a row leads to one; what changed later is null. Events have ``event_at`` besides. Moments are UTC,
    amounts minor units. Tables that others refer to have their deleted rows too (``is_deleted``).
    ``raw_read`` has all rows with ``row_class`` (kept, later, not_live, deleted, superseded, duplicate,
    quarantined), ``reason`` and, for quarantined ones, ``row_json``. Without ``ledger`` an erased household
    looks like an unknown one. Absent tables are empty. Sets the session's time zone to UTC.
    """
    terms = Terms(
        end=f"timestamp '{as_of_date + timedelta(days=1)} 00:00:00'",
        tolerance_hours=int(variables["clock_skew_tolerance_hours"]),
        household_keys=tuple(variables.get("stripe_household_keys", HOUSEHOLD_KEYS)),
    )
    connection.execute("set TimeZone = 'UTC'")
    for schema in SCHEMAS:
        connection.execute(f"create schema {schema}")
    connection.execute("create table raw_work.present (source_table varchar)")
    for table in (as_named(table.name, variables) for table in in_order()):
        landed = land(connection, table, raw, database, variables)
        table = as_landed(table, landed)
        _prepare(connection, table, landed, terms, variables)
        if landed:
            connection.execute("insert into raw_work.present values (?)", [table.name])
        if table is EVENTS:
            _read_events(connection, landed, terms)
        else:
            _read(connection, table, landed, terms)
        if table.name == "app.households":
            _note_erased(connection, ledger)
    connection.execute(
        "create macro raw_work.rate_on(which, day) as case when which ="
        f" '{str(variables['reporting_currency']).lower()}' then 1.0 else (select max_by(rate, date)"
        " from raw_kept.meta__fx_rates where currency = which"
        f" and date between day - {int(variables['fx_rate_days'])} and day) end"
    )


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    landed: Landed | None,
    terms: Terms,
    variables: dict,
) -> None:
    """Note what leads the rows of a table to their household, or says that they are gone."""
    if table.name == "zendesk.ticket":
        requester_homes(connection, bool(variables.get("link_by_email")))
    if table.name == "hubspot.company":
        domain_homes(connection, terms.end, bool(variables.get("link_by_domain")))
        connection.execute(
            "create table raw_work.owners (company_id varchar, owner_id varchar, since timestamp)"
        )
    if table.name == "hubspot.contact":
        linked_companies(connection)
        survivors(connection, table, landed)


def sources_present(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the raw tables ("source.table") that ``read_raw`` found."""
    return {name for (name,) in connection.execute("from raw_work.present").fetchall()}


def in_order() -> list[RawTable]:
    """Return the tables, parents first."""
    first = ["app.households", "app.users", "app.household_members", "zendesk.user"]
    return [BY_NAME[name] for name in first] + [table for table in TABLES if table.name not in first]


def _read(
    connection: duckdb.DuckDBPyConnection, table: RawTable, landed: Landed | None, terms: Terms
) -> None:
    name = table.flat_name
    timed = timed_rows(table, landed, terms)
    connection.execute(f"create table raw_work.{name}__repeated as {repeated_keys(table, timed)}")
    connection.execute(f"create table raw_read.{name} as {classified_rows(table, timed, terms, landed)}")
    if name == "zendesk__ticket":
        # Histories depend on tickets, and the status of a ticket on its history, which is read later.
        connection.execute("create table raw_work.changed_later (ticket_id varchar, field_name varchar)")
        connection.execute(MERGED)
    connection.execute(
        f"create view raw_kept.{name} as select {kept_columns(table, terms)}"
        f" from raw_read.{name} where {_holds(table)}"
    )
    connection.execute(AFTERWARDS.get(name, ""))
    if table.name in PARENTS:
        is_household = table.name == "app.households"
        connection.execute(
            STATES.format(
                name=name,
                key=table.key[0],
                household="id" if is_household else "household_id",
                holds=_holds(table),
                goes_with_it=str(not table.is_referred_to).lower(),
                # A household that the source deleted is an erased one.
                there="row_class not in ('not_live', 'deleted', 'superseded')" if is_household else "true",
            )
        )


def _holds(table: RawTable) -> str:
    """Return a condition: others may read a row, though the source may have deleted it."""
    return "is_readable" if table.is_referred_to else "row_class = 'kept'"


PARENTS = {"app.households"} | {table.household[1] for table in TABLES if isinstance(table.household, tuple)}

# What is known of each id to which other rows may lead.
STATES = """
create table raw_work.{name}__state as
select
    {key} as key,
    max({household}) filter (where {holds}) as household_id,
    case
        when bool_or({holds}) then 'known'
        when bool_or(reason = 'erased_household') then 'erased'
        when bool_or(row_class = 'not_live') then 'not_live'
        when bool_or(row_class = 'deleted' and {goes_with_it}) then 'deleted'
        when bool_or(row_class = 'later') then 'later'
        else 'unknown'
    end as state
from raw_read.{name}
where {key} is not null and {there}
group by {key}
"""

AFTERWARDS = {
    "hubspot__company_property_history": OWNERS,
    "hubspot__contact": RECIPIENTS,
    "hubspot__engagement_contact": LINKED,
    "zendesk__ticket_field_history": """
        insert into raw_work.changed_later
        select distinct ticket_id, field_name from raw_read.zendesk__ticket_field_history
        where field_name in ('status', 'priority') and row_class = 'later' and ticket_id is not null""",
}


def _note_erased(connection: duckdb.DuckDBPyConnection, ledger: Path | None) -> None:
    """Keep the hashes of households that the source once had and no longer has, or has deleted."""
    connection.execute(
        "create table raw_work.erased as select distinct sha256(id) as household_hash"
        " from raw_read.app__households where row_class = 'deleted' and id is not null"
        " and id not in (select key from raw_work.app__households__state)"
    )
    if ledger and ledger.exists():
        catalog = attach(connection, ledger, "recount_ledger")
        connection.execute(
            f'insert into raw_work.erased select household_hash from "{catalog}".ledger.households_seen'
            " where household_hash not in (select sha256(key) from raw_work.app__households__state)"
        )


def _read_events(connection: duckdb.DuckDBPyConnection, landed: Landed | None, terms: Terms) -> None:
    """Read events without copying them: views on the file, and a table of the few rows to classify."""
    if landed and landed.is_text:
        plain = Landed(landed.relation, landed.columns, True)
        connection.execute(f"create table raw_work.events_as_text as from {plain.relation}")
        landed = Landed("raw_work.events_as_text", landed.columns, True)
    timed = timed_rows(EVENTS, landed, terms)
    holds = (
        "not is_later and not is_gone and not has_bad_moment and not has_bad_value and event_id is not null"
        f" and household_state = 'known' and {in_time(terms)}"
    )
    repeated = "event_id in (from raw_work.product__events__repeated)"
    connection.execute(REPEATED_EVENTS.format(timed=timed))
    doubtful = f"select * from ({timed}) where not is_later and (not ({holds}) or {repeated})"
    connection.execute(
        f"create table raw_work.events_classified as {classified_rows(EVENTS, doubtful, terms, landed)}"
    )
    columns = ", ".join(EVENTS.columns)
    connection.execute(
        f"""
        create view raw_work.events_that_hold as
        select {columns} from ({timed})
        where {holds} and event_id not in (from raw_work.product__events__repeated)
        """
    )
    connection.execute(
        f"""
        create view raw_read.product__events as
        select {columns}, 'kept' as row_class, null::varchar as reason, null::varchar as row_json
        from raw_work.events_that_hold
        union all
        select {columns}, 'later', null, null from ({timed}) where is_later
        union all
        select {columns}, row_class, reason, row_json from raw_work.events_classified
        """
    )
    connection.execute(
        f"""
        create view raw_kept.product__events as
        select {kept_columns(EVENTS, terms)} from raw_work.events_that_hold
        union all
        select {kept_columns(EVENTS, terms)} from raw_work.events_classified where row_class = 'kept'
        """
    )


# Only ids whose hash repeats are compared as text: grouping millions of numbers is cheaper.
REPEATED_EVENTS = """
create table raw_work.product__events__repeated as
with taking_part as (
    select event_id, hash(event_id) as short from ({timed})
    where not is_later and not is_deleted_itself and not has_bad_moment and event_id is not null
)
select event_id from taking_part
where short in (select short from taking_part group by short having count(*) > 1)
group by event_id having count(*) > 1
"""
