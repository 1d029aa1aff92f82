"""The raw rows of the CRM that can be about some households."""

from __future__ import annotations

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
    reader.keep(raw, "hubspot.engagement", company_id=companies)
    contacts = reader.typed("hubspot.contact", "id", "merged_ids")
    raw.merge_lists = reader.connection.execute(
        f"select id, merged_ids from {contacts} where merged_ids is not null"
    ).fetchall()
