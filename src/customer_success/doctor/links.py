"""How many customers of Stripe, the desk and the CRM lead to a household, and by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from customer_success.doctor.finding import LOOK, Finding
from customer_success.doctor.found import Found
from customer_success.doctor.households import KEYS, is_among, metadata_value, properties
from customer_success.doctor.left_out import stands
from customer_success.doctor.moments import text_of
from customer_success.doctor.project import Project

DOMAINS = ("property_domain", "domain")
NO_HOUSEHOLD = "no household"
# Of each system: the table, and how to link its rows.
ACTIONS = {
    "stripe": (
        "stripe.customer",
        "write the household's id into the customers' metadata, key household_id, or name your key in var"
        " stripe_household_keys",
    ),
    "desk": (
        "zendesk.ticket",
        "write the household's id into organization.external_id, or the app user's id into user.external_id,"
        " or set var link_by_email",
    ),
    "crm": (
        "hubspot.company",
        "write the household's id into a property of the company and name it in var"
        " hubspot_household_property, or set var link_by_domain",
    ),
}


@dataclass(frozen=True)
class Link:
    """Of ``total`` things of a system, ``linked`` lead to a household by ``by``, tried in this order.

    ``is_read`` is false for a way that the project has switched off; ``example`` is without household.
    """

    system: str
    things: str
    by: str
    total: int
    linked: int
    is_read: bool = True
    example: str = ""


def read_links(
    connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found], project: Project
) -> list[Link]:
    """Return the ways by which each system leads to households; `known_households` must have been called."""
    links = []
    for system, table, ways in (
        ("stripe", "stripe.customer", _stripe_ways(found, project)),
        ("desk", "zendesk.ticket", _desk_ways(found, project)),
        ("crm", "hubspot.company", _crm_ways(found, project)),
    ):
        if table in found and "id" in found[table].types:
            links += _count(connection, system, found[table], ways)
    return links


def _count(
    connection: duckdb.DuckDBPyConnection, system: str, table: Found, ways: list[tuple[str, str, bool]]
) -> list[Link]:
    """Count the rows that each way is the first to link; a way that is switched off links what is left."""
    way = " ".join(f"when {condition} then {number}" for number, (_, condition, _) in enumerate(ways))
    case = f"case {way} end" if ways else "null::integer"
    rows = connection.execute(
        f"select way, count(*), min(id) from (select distinct {text_of('id')} as id, {case} as way"
        f" from {table.relation} where {stands(table)}) group by way"
    ).fetchall()
    counted = {row[0]: row[1] for row in rows}
    total = sum(counted.values())
    things = {"stripe": "customers", "desk": "tickets", "crm": "companies"}[system]
    links = [
        Link(system, things, by, total, counted.get(number, 0), is_read)
        for number, (by, _, is_read) in enumerate(ways)
    ]
    example = next((row[2] for row in rows if row[0] is None), None)
    return [*links, Link(system, things, NO_HOUSEHOLD, total, counted.get(None, 0), False, example or "")]


def _stripe_ways(found: Mapping[str, Found], project: Project) -> list[tuple[str, str, bool]]:
    customer = found.get("stripe.customer")
    keys = project.words("stripe_household_keys", KEYS)
    if customer is None or "metadata" not in customer.types:
        return []
    return [(f"metadata.{key}", is_among(metadata_value(customer, key)), True) for key in keys]


def _desk_ways(found: Mapping[str, Found], project: Project) -> list[tuple[str, str, bool]]:
    ticket, user = found.get("zendesk.ticket"), found.get("zendesk.user")
    organization = found.get("zendesk.organization")
    ways = []
    linked = None
    if organization and {"id", "external_id"} <= set(organization.types):
        external = is_among(text_of("external_id"))
        linked = f"(select {text_of('id')} from {organization.relation} where {external})"
        if ticket and "organization_id" in ticket.types:
            condition = f"coalesce({text_of('organization_id')} in {linked}, false)"
            ways.append(("organization.external_id", condition, True))
    if user is None or ticket is None or not {"requester_id"} <= set(ticket.types) or "id" not in user.types:
        return ways
    by_email = bool(project.variables.get("link_by_email", False))
    requester = "coalesce(" + text_of("requester_id") + " in (select {id} from {users} where {holds}), false)"
    for column, by, holds, is_read in (
        ("external_id", "user.external_id", is_among(text_of("external_id"), "known_users"), True),
        (
            "email",
            "user.email",
            is_among(f"lower({text_of('email')})", "known_users", "lower(nullif(email, ''))"),
            by_email,
        ),
        ("organization_id", "requester's organization", f"{text_of('organization_id')} in {linked}", True),
    ):
        if column in user.types and (column != "organization_id" or linked):
            condition = requester.format(id=text_of("id"), users=user.relation, holds=holds)
            ways.append((by, condition, is_read))
    # A way that is switched off may not take what a later one links.
    return sorted(ways, key=lambda way: not way[2])


def _crm_ways(found: Mapping[str, Found], project: Project) -> list[tuple[str, str, bool]]:
    company = found.get("hubspot.company")
    if company is None:
        return []
    ways = [(name, is_among(text_of(name)), True) for name in properties(project) if name in company.types]
    domain = next((name for name in DOMAINS if name in company.types), None)
    if domain:
        own = (
            "(select lower(split_part(email, '@', 2)) as domain from known_users where email like '%@%'"
            " group by 1 having count(*) = 1)"
        )
        condition = f"coalesce(lower({text_of(domain)}) in {own}, false)"
        ways.append(
            (f"{domain} of one user", condition, bool(project.variables.get("link_by_domain", False)))
        )
    return ways


def paying_without_household(
    connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found], project: Project
) -> tuple[int, int] | None:
    """Return customers with a paying present version, and how many of them have no household; else None."""
    history, customer = found.get("stripe.subscription_history"), found.get("stripe.customer")
    seed = project.seed("subscription_statuses")
    if not (history and customer and seed and {"customer_id", "status"} <= set(history.types)):
        return None
    paying = ", ".join(f"'{row['status']}'" for row in seed[1] if row["is_paying"].lower() == "true")
    active = history.has("_fivetran_active")
    present = f"try_cast({text_of(active)} as boolean)" if active else "true"
    linked = " or ".join(condition for _, condition, _ in _stripe_ways(found, project)) or "false"
    return connection.execute(
        f"""
        with paying as (
            select distinct {text_of("customer_id")} as id from {history.relation}
            where lower({text_of("status")}) in ({paying}) and {present} and {stands(history)}
        ), linked as (
            select distinct {text_of("id")} as id from {customer.relation} where {linked}
        )
        select count(*), count(*) filter (where linked.id is null) from paying left join linked using (id)
        """
    ).fetchone()


def link_findings(
    links: list[Link], paying: tuple[int, int] | None, keys: list[tuple[str, int]], found: Mapping[str, Found]
) -> list[Finding]:
    """Return what to say of things that lead to no household."""

    def say(system: str, kind: str, rows: int, message: str, action: str = "", example: str = "") -> Finding:
        table, usual = ACTIONS[system]
        return Finding(LOOK, kind, table, message, action or usual, found[table].place, rows, example)

    findings = []
    if paying and paying[1]:
        message = (
            f"{paying[1]:,} of {paying[0]:,} paying customers lead to no household: their MRR is unlinked"
        )
        findings.append(say("stripe", "paying_without_household", paying[1], message))
    for key, held in keys:
        message = f"key {key} of the metadata holds the household's id of {held:,} and is not read"
        action = f"add {key} to var stripe_household_keys"
        findings.append(say("stripe", "household_key", held, message, action))
    for link in links:
        lost = sum(one.linked for one in links if one.system == link.system and not one.is_read)
        if link.by == NO_HOUSEHOLD and lost:
            message = f"{lost:,} of {link.total:,} {link.things} lead to no household"
            example = link.example
            findings.append(say(link.system, "no_household", lost, message, "", example))
    return findings
