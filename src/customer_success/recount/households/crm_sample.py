"""The raw rows of the CRM that can be about some households."""

from __future__ import annotations

import re

import pandas as pd

from customer_success.recount.reading.contract import BY_NAME
from customer_success.recount.reading.landing import found_column, identifier

from .engagements import EVENTS, KINDS
from .loading import Raw
from .reader import Reader
from .values import read_texts

# Which company of a contact leads to a household is known only from all of them.
WHOLE = ("hubspot.company", "hubspot.contact_company", "hubspot.contact_merge_audit")


def read_crm(reader: Reader, raw: Raw, wanted: str, by_domain: bool) -> None:
    """Read the companies, and of the households' ones the contacts and engagements.

    ``wanted`` is a query of the households. Domains belong to households by all their members.
    """
    for name in (*WHOLE, *(("app.users", "app.household_members") if by_domain else ())):
        reader.keep(raw, name)
    frame = raw["hubspot", "company"]
    inside = {name for (name,) in reader.connection.execute(wanted.strip("()")).fetchall()}
    named = read_texts(frame["household_id"])
    # By its domain any company may belong to them.
    mine = frame["id"] if by_domain else frame["id"][named.isin(inside).to_numpy(bool)]
    companies = reader.ids("companies", read_texts(mine))
    links = raw["hubspot", "contact_company"]
    linked = links["contact_id"][links["company_id"].isin(set(read_texts(mine)))]
    reader.keep(raw, "hubspot.contact", company_id=companies, id=reader.ids("linked", read_texts(linked)))
    contacts = reader.typed("hubspot.contact", "id", "merged_ids")
    raw.merge_lists = reader.connection.execute(
        f"select id, merged_ids from {contacts} where merged_ids is not null"
    ).fetchall()
    _read_engagements(reader, raw, companies)


def _read_engagements(reader: Reader, raw: Raw, companies: str) -> None:
    """Read the engagements of these companies or of the contacts read so far, with all companies and contacts
    of each, because those decide whose it is.
    """
    reader.keep(raw, "hubspot.engagement", company_id=companies)
    people = {*read_texts(raw["hubspot", "contact"]["id"])}
    audit = raw["hubspot", "contact_merge_audit"]
    merged = set(read_texts(audit["vid_to_merge"]))
    for name, text in raw.merge_lists:
        merged |= set(re.findall(r"[^;,\s]+", text)) if name in people else set()
    contacts = reader.ids("crm_contacts", people | merged)
    reader.keep(raw, "hubspot.engagement_company", company_id=companies)
    reader.keep(raw, "hubspot.engagement_contact", contact_id=contacts)
    links = [raw["hubspot", name]["engagement_id"] for name in ("engagement_company", "engagement_contact")]
    engagements = reader.ids("engagements", read_texts(pd.concat(links)))
    for name in ("engagement_company", "engagement_contact", *(f"engagement_{kind}" for kind in KINDS)):
        reader.keep(raw, f"hubspot.{name}", engagement_id=engagements)
    _read_people(reader, raw, people, companies)
    events = reader.ids("email_events", read_texts(raw["hubspot", "email_event"]["id"]))
    for kind in EVENTS:
        reader.keep(raw, f"hubspot.email_event_{kind}", id=events)


def _read_people(reader: Reader, raw: Raw, people: set[str], companies: str) -> None:
    """Read the contacts of all these engagements and all at one of their addresses, with its e-mails."""
    named = {*people, *read_texts(raw["hubspot", "engagement_contact"]["contact_id"])}
    named |= set(read_texts(raw["hubspot", "contact_merge_audit"]["canonical_vid"]))
    named |= {name for name, _ in raw.merge_lists}
    addresses = {(text or "").strip().lower() for text in read_texts(raw["hubspot", "contact"]["email"])}
    listed = reader.ids("crm_addresses", addresses - {""})
    contract = BY_NAME["hubspot.contact"]
    email = found_column(contract, "email", reader.landed(contract.name)) if people else None
    at_address = f"lower(trim({identifier(email)})) in {listed}" if email else "false"
    reader.keep(
        raw, contract.name, where=at_address, id=reader.ids("crm_people", named), company_id=companies
    )
    reader.keep(raw, "hubspot.email_event", where=f"lower(trim(recipient)) in {listed}")
