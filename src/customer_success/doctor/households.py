"""The households of the app, and what names them in Stripe, in the desk and in the CRM."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from customer_success.doctor.found import Found
from customer_success.doctor.moments import text_of
from customer_success.doctor.project import Project
from customer_success.sql import sql_text

KEYS = ("household_id", "householdId", "external_id")
PROPERTY = "property_household_id"
# A further key of the metadata is worth a word where it names so large a share of the households' ids.
SUGGESTED_SHARE = 0.5


def known_households(connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found]) -> None:
    """Create the tables known_households (id) and known_users (id, email) from the app's tables."""
    for name, table, columns in (
        ("known_households", found.get("app.households"), ("id",)),
        ("known_users", found.get("app.users"), ("id", "email")),
    ):
        read = [
            (text_of(column) if table and (column := table.has(wanted)) else "null::varchar")
            + f" as {wanted}"
            for wanted in columns
        ]
        create = f"create or replace temp table {name} as select distinct {', '.join(read)} from "
        nothing = ", ".join(f"null::varchar as {wanted}" for wanted in columns)
        try:
            connection.execute(create + (table.relation if table else f"(select {nothing})"))
        except duckdb.Error:  # found again, and said, when the table itself is read
            connection.execute(f"create or replace temp table {name} as select {nothing}")
        # `not in` is unknown for each row where the list holds a null.
        connection.execute(f"delete from {name} where id is null")


def is_among(value: str, table: str = "known_households", column: str = "id") -> str:
    """Return a condition, never null: the value is in a column of a table."""
    return f"coalesce({value} in (select {column} from {table} where {column} is not null), false)"


def metadata_value(customer: Found, key: str) -> str:
    """Return SQL for one key of a customer's metadata, null where the metadata are no JSON."""
    text = metadata_text(customer)
    path = sql_text('$."' + key.replace('"', "") + '"')
    return f"case when json_valid({text}) then trim(json_extract_string({text}, {path})) end"


def metadata_text(customer: Found) -> str:
    """Return SQL for the metadata as text of JSON, whether they landed as text or as a struct or map."""
    is_text = customer.types["metadata"] in ("VARCHAR", "JSON")
    return "cast(metadata as varchar)" if is_text else "cast(to_json(metadata) as varchar)"


def properties(project: Project) -> list[str]:
    """Return the columns of a company that may hold the household's id, the one of the var first."""
    named = project.words("hubspot_household_property", (PROPERTY,))
    return list(dict.fromkeys(column.lower() for column in (*named, "household_id")))


def reached(
    connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found], project: Project
) -> dict[str, int]:
    """Return how many households each system names, with ``all`` of app.households first."""
    customer, organization = found.get("stripe.customer"), found.get("zendesk.organization")
    company, named = found.get("hubspot.company"), []
    if customer and "metadata" in customer.types:
        keys = project.words("stripe_household_keys", KEYS)
        named.append(("stripe", customer, [metadata_value(customer, key) for key in keys]))
    if organization and "external_id" in organization.types:
        named.append(("desk", organization, [text_of("external_id")]))
    if company:
        columns = [column for column in properties(project) if column in company.types]
        named.append(("crm", company, [text_of(column) for column in columns]))
    counted = {"all": connection.execute("select count(*) from known_households").fetchone()[0]}
    for system, table, values in named:
        if values:
            listed = f"select unnest([{', '.join(values)}]) as id from {table.relation}"
            query = f"select count(*) from known_households where id in ({listed})"
            counted[system] = connection.execute(query).fetchone()[0]
    return counted


def suggested_keys(
    connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found], project: Project
) -> list[tuple[str, int]]:
    """Return further keys of the metadata that hold ids of households, with their customers."""
    customer = found.get("stripe.customer")
    if customer is None or "metadata" not in customer.types:
        return []
    text, read = metadata_text(customer), project.words("stripe_household_keys", KEYS)
    keys = connection.execute(
        f"select key, count(*) from (select unnest(json_keys({text})) as key from {customer.relation}"
        f" where json_valid({text}) and json_type({text}) = 'OBJECT') group by 1 order by 2 desc, 1 limit 20"
    ).fetchall()
    suggested = []
    for key, total in keys:
        if key not in read:
            held = connection.execute(
                f"select count(*) from {customer.relation} where {is_among(metadata_value(customer, key))}"
            ).fetchone()[0]
            if held >= SUGGESTED_SHARE * total and held:
                suggested.append((key, held))
    return suggested
