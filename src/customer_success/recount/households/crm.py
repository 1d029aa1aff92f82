"""Companies, contacts and managers of the CRM."""

from __future__ import annotations

import re
from collections import defaultdict

import pandas as pd

from .engagements import stage_engagements
from .loads import says
from .sifting import Staged, sift
from .staff import domain
from .values import read_texts


def stage_crm(staged: Staged, known: dict[str, str], later: set[str]) -> None:
    """Classify the rows of the CRM: companies, then the rows that refer to them."""
    hosts = _hosts(staged) if staged.rules.link_by_domain else {}

    def company_home(frame: pd.DataFrame) -> pd.Series:
        own = frame["household_id"].map(known)
        return own.where(
            own.notna(), frame["domain"].map(lambda text: hosts.get((text or "").strip().lower()))
        )

    sift(staged, "hubspot.company", company_home, lambda frame: frame["household_id"].isin(later))
    companies = staged["hubspot.company"]
    homes = dict(zip(companies["id"], companies["household_id"], strict=True))
    sift(staged, "hubspot.company_property_history", lambda frame: frame["company_id"].map(homes))
    for name in ("contact_company", "contact_merge_audit"):
        sift(staged, f"hubspot.{name}")
    _take_owners_from_history(staged)
    _stage_contacts(staged, homes)
    stage_engagements(staged, homes, survivors(staged))


def _hosts(staged: Staged) -> dict[str, str]:
    """Return the domains at which the members of one household alone have addresses, with the household."""
    users, members = staged["app.users"], staged["app.household_members"]
    at = dict(zip(users["id"], users["email"].map(domain), strict=True))
    found = defaultdict(set)
    for row in members[members["left_at"].isna()].itertuples(index=False):
        if at.get(row.user_id) and at[row.user_id] not in staged.rules.public_domains:
            found[at[row.user_id]].add(row.household_id)
    return {host: min(homes) for host, homes in found.items() if len(homes) == 1}


def _take_owners_from_history(staged: Staged) -> None:
    """Give each company with a history of owners the owner of as_of_date, and since when."""
    later = staged.later["hubspot", "company_property_history"]
    rows = staged["hubspot.company_property_history"]
    courses: dict[str, list] = {name: [] for name in later["company_id"][later["name"] == "hubspot_owner_id"]}
    for row in rows[rows["name"] == "hubspot_owner_id"].sort_values("changed_at").itertuples(index=False):
        course = courses.setdefault(row.company_id, [])
        if not course or course[-1][0] != (row.value or None):
            course.append((row.value or None, row.changed_at))
    companies = staged["hubspot.company"]
    for place, name in companies["id"].items():
        if name in courses:
            owner, since = courses[name][-1] if courses[name] else (None, pd.NaT)
            companies.loc[place, "owner_id"] = owner
            companies.loc[place, "assigned_at"] = since if owner else pd.NaT


def _stage_contacts(staged: Staged, homes: dict[str, str]) -> None:
    """A contact belongs to its company, else to a linked one; a merged one has become another."""
    links = defaultdict(list)
    for row in staged["hubspot.contact_company"].itertuples(index=False):
        if row.company_id in homes:
            links[row.contact_id].append(row.company_id)
    gone = set(survivors(staged))
    raw = staged.raw["hubspot", "contact"]
    marked = says(raw, "is_deleted") | read_texts(raw["id"]).isin(gone).to_numpy(bool)
    staged.raw["hubspot", "contact"] = raw.assign(is_deleted=marked)

    def contact_home(frame: pd.DataFrame) -> pd.Series:
        rows = zip(frame["id"], frame["company_id"], strict=True)
        found = [company if company in homes else min(links[name], default=None) for name, company in rows]
        return pd.Series(found, index=frame.index, dtype=object).map(homes)

    sift(staged, "hubspot.contact", contact_home)
    contacts = staged["hubspot.contact"]
    contacts = contacts[~contacts["id"].isin(gone)].reset_index(drop=True)
    seen = contacts["_fivetran_synced"] if "_fivetran_synced" in contacts else contacts["left_at"]
    left = seen.where(seen.notna(), contacts["created_at"])
    # What the CRM deleted later is still there.
    left = left.where((left < staged.end) & contacts["is_deleted"].astype(bool))
    contacts["left_at"] = contacts["left_at"].where(contacts["left_at"].notna(), left)
    staged.tables["hubspot", "contact"] = contacts


def survivors(staged: Staged) -> dict[str, str]:
    """Return which contact each merged contact has become, by the audit and by the survivors' lists."""
    audit = staged["hubspot.contact_merge_audit"]
    pairs = list(zip(audit["vid_to_merge"], audit["canonical_vid"], strict=True))
    lists = staged.raw.merge_lists
    if lists is None:
        frame = staged.raw["hubspot", "contact"]
        lists = list(zip(read_texts(frame["id"]), read_texts(frame["merged_ids"]), strict=True))
    pairs += [(merged, name) for name, text in lists for merged in re.findall(r"[^;,\s]+", text or "")]
    following = defaultdict(list)
    for merged, into in pairs:
        if merged != into:
            following[merged].append(into)
    return {name: max(_chains(name, following, {name}))[1] for name in list(following)}


def _chains(name: str, following: dict[str, list[str]], passed: set[str]) -> list[tuple[int, str]]:
    found = []
    for into in following.get(name, []):
        if into not in passed:
            found.append((len(passed), into))
            found += _chains(into, following, passed | {into})
    return found
