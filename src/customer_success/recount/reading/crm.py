"""Households of companies and contacts, merged contacts, owners: a second time from the definitions."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from customer_success.recount.households.seeds import SEEDS
from customer_success.recount.reading.contract import RawTable
from customer_success.recount.reading.landing import Landed, read_column
from customer_success.sql import sql_text


def domain_homes(connection: duckdb.DuckDBPyConnection, end: str, by_domain: bool) -> None:
    """Create raw_work.domain_homes: domains at which the members of one household alone have addresses."""
    public = f"(select domain from read_csv({sql_text(SEEDS / 'support' / 'public_email_domains.csv')}))"
    connection.execute(
        f"""
        create table raw_work.domain_homes as
        select lower(trim(string_split(email, '@')[-1])) as host, any_value(household_id) as household_id
        from raw_kept.app__users as persons
        inner join raw_read.app__household_members as members on persons.id = members.user_id
        where {str(by_domain).lower()} and contains(email, '@') and row_class = 'kept'
            and (left_at is null or left_at >= {end})
        group by host
        having count(distinct household_id) = 1 and host <> '' and host not in {public}
        """
    )


def company_home(home: tuple[str, str, str]) -> tuple[str, str, str]:
    """Return household, state and joins of a company: what it names, or where that is unknown, its domain."""
    names, state, joins = home
    joins += "\nleft join raw_work.domain_homes as site on lower(trim(typed.domain)) = site.host"
    is_known = f"({state} = 'unknown' and site.household_id is not null)"
    return f"if({is_known}, site.household_id, {names})", f"if({is_known}, 'known', {state})", joins


def linked_companies(connection: duckdb.DuckDBPyConnection) -> None:
    """Create raw_work.linked_companies: per contact the first linked company with a household."""
    connection.execute(
        """
        create table raw_work.linked_companies as
        select contact_id, min(company_id) as company_id
        from raw_kept.hubspot__contact_company
        where company_id in (select key from raw_work.hubspot__company__state where state = 'known')
        group by contact_id
        """
    )


def contact_home() -> tuple[str, str, str]:
    """Return household, state and joins of a contact: its company's, else that of a linked company."""
    joins = """
left join raw_work.hubspot__company__state as own on typed.company_id = own.key
left join raw_work.linked_companies as linked
    on typed.id = linked.contact_id and own.state is distinct from 'known'
left join raw_work.hubspot__company__state as home
    on coalesce(linked.company_id, typed.company_id) = home.key"""
    return "home.household_id", "coalesce(home.state, 'unknown')", joins


# Columns that are shown otherwise than they landed.
SHOWN = {
    "hubspot.contact.company_id": """case
        when company_id in (select key from raw_work.hubspot__company__state where state = 'known')
            then company_id
        else coalesce((
            select linked.company_id from raw_work.linked_companies as linked where linked.contact_id = id
        ), company_id)
    end as company_id""",
    # A contact that the CRM deleted has left when the connector saw it.
    "hubspot.contact.left_at": """case
        when left_at < {end} then left_at
        when left_at is null and row_class = 'deleted' and coalesce(_fivetran_synced, created_at) < {end}
            then coalesce(_fivetran_synced, created_at)
    end as left_at""",
    "hubspot.engagement.contact_id": """coalesce((
        select found.survivor_id from raw_work.survivors as found
        where found.contact_id = hubspot__engagement.contact_id
    ), contact_id) as contact_id""",
    # The tables beside it say what an event was.
    "hubspot.email_event.type": """case
        when id in (select id from raw_kept.hubspot__email_event_click) then 'click'
        when id in (select id from raw_kept.hubspot__email_event_open) then 'open'
        when id in (select id from raw_kept.hubspot__email_event_sent) then 'sent'
        else type
    end as type""",
    "hubspot.company.owner_id": """case
        when id in (select company_id from raw_work.owners)
            then (select owners.owner_id from raw_work.owners where owners.company_id = id)
        when assigned_at is null or assigned_at < {end} then owner_id
    end as owner_id""",
    "hubspot.company.assigned_at": """case
        when id in (select company_id from raw_work.owners)
            then (select owners.since from raw_work.owners where owners.company_id = id)
        when assigned_at < {end} then assigned_at
    end as assigned_at""",
}


def survivors(connection: duckdb.DuckDBPyConnection, table: RawTable, landed: Landed | None) -> None:
    """Create raw_work.survivors: which contact each merged contact has become in the end."""
    listed = ""
    if landed:
        name, ids = (read_column(table, column, landed) for column in ("id", "merged_ids"))
        relation = f"(select {name} as id, {ids} as merged_ids from {landed.relation} as landed)"
        listed = (
            "union select unnest(string_split_regex(trim(merged_ids), '[;,\\s]+')), id"
            f" from {relation} where trim(merged_ids) <> ''"
        )
    pairs = connection.execute(
        "select vid_to_merge, canonical_vid from raw_kept.hubspot__contact_merge_audit " + listed
    ).fetchall()
    rows = list(become(pairs).items())
    connection.execute("create table raw_work.survivors (contact_id varchar, survivor_id varchar)")
    if rows:
        connection.executemany("insert into raw_work.survivors values (?, ?)", rows)


def become(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Follow merges (merged, into) to their ends; of several the longest counts, then the highest id."""
    into: dict[str, set[str]] = {}
    for merged, survivor in pairs:
        if merged and survivor and merged != survivor:
            into.setdefault(merged, set()).add(survivor)

    def ends(contact: str, passed: tuple[str, ...]) -> list[tuple[int, str]]:
        found = [(len(passed), contact)] if len(passed) else []
        for following in into.get(contact, ()):
            if following not in (*passed, contact):
                found += ends(following, (*passed, contact))
        return found

    return {contact: max(ends(contact, ()))[1] for contact in into}


def as_landed(table: RawTable, landed: Landed | None) -> RawTable:
    """Return an engagement without time and household where those are in the tables of its kind."""
    if table.name != "hubspot.engagement" or (landed and "event" in landed.columns):
        return table
    return replace(table, own_date=None, household=None)


# The company and the contact of each engagement, and the contact of each address.
LINKED = """
create table raw_work.hubspot__engagement_links__state as
with companies as (
    select
        engagement_id,
        first(company_id order by state = 'known' desc, state = 'unknown', company_id) as company_id
    from raw_kept.hubspot__engagement_company
    inner join raw_work.hubspot__company__state on company_id = key
    group by engagement_id
),
persons as (
    select
        links.engagement_id,
        first(contacts.id order by coalesce(buying_role = 'executive', false) desc, contacts.id) as contact_id
    from raw_kept.hubspot__engagement_contact as links
    left join raw_work.survivors on survivors.contact_id = links.contact_id
    inner join raw_kept.hubspot__contact as contacts
        on contacts.id = coalesce(survivors.survivor_id, links.contact_id)
    group by links.engagement_id
)
select
    engagement_id as key,
    persons.contact_id,
    contacts.id is not null and coalesce(homes.state in ('unknown', 'later'), true) as is_by_person,
    if(is_by_person, contacts.company_id, companies.company_id) as company_id,
    if(is_by_person, contacts.household_id, homes.household_id) as household_id,
    if(is_by_person, 'known', homes.state) as state
from companies
full join persons using (engagement_id)
left join raw_work.hubspot__company__state as homes on homes.key = companies.company_id
left join raw_kept.hubspot__contact as contacts on contacts.id = persons.contact_id
"""
RECIPIENTS = """
create table raw_work.hubspot__recipients__state as
select distinct on (key)
    lower(trim(email)) as key, id as contact_id, company_id, household_id, 'known' as state
from raw_kept.hubspot__contact
where trim(email) <> ''
order by key, id
"""

# The owner of a company and since when, as the history of its property says by as_of_date.
OWNERS = """
insert into raw_work.owners
with changes as (
    select company_id, nullif("value", '') as owner_id, changed_at, row_class
    from raw_read.hubspot__company_property_history
    where name = 'hubspot_owner_id' and row_class in ('kept', 'later')
),
latest as (
    select company_id, last(owner_id order by changed_at) filter (where row_class = 'kept') as owner_id
    from changes group by company_id
),
others as (
    select company_id, max(changed_at) as until
    from changes inner join latest using (company_id)
    where row_class = 'kept' and changes.owner_id is distinct from latest.owner_id
    group by company_id
)
select latest.company_id, latest.owner_id, min(changes.changed_at) as since
from latest
left join others using (company_id)
left join changes
    on changes.company_id = latest.company_id and changes.row_class = 'kept' and latest.owner_id is not null
    and (others.until is null or changes.changed_at > others.until)
group by latest.company_id, latest.owner_id
"""
