"""HubSpot's contacts: who gets the e-mails, who left, and who was there twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .frames import NEXT_LOAD, Block, some, together

_OWNER = 9  # last digit of the contact who owns the household's account
_ROLES = {"user": 0, "decision_maker": 1}  # who gets the company's e-mails, the first one there is


def land_contacts(block: Block, companies: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Write contacts and their companies; return the address for e-mails to each company (index)."""
    older = block.tables["hubspot.contact"]
    everybody = together([older, _owners(block, companies, older)])
    left = everybody["left_at"].notna()
    # The connector says no moment of leaving: it is when the deletion was loaded.
    loaded = everybody["_fivetran_synced"].where(~left, everybody["left_at"].dt.ceil("6h"))
    names = everybody["full_name"].str.extract(r"^(\S+) ?(.*)$")
    by_property = pd.Series(rng.random(len(everybody)) < 0.1)
    rows = everybody.assign(
        property_email=everybody["email"],
        property_firstname=names[0],
        property_lastname=names[1],
        property_hs_buying_role=everybody["buying_role"],
        property_associatedcompanyid=everybody["company_id"].where(by_property),
        property_createdate=everybody["created_at"],
        _fivetran_deleted=left,
        _fivetran_synced=loaded.clip(upper=block.export),
    )
    upper = some(rows[rows["buying_role"].notna()], 0.05, rng)
    rows.loc[upper, "property_hs_buying_role"] = rows.loc[upper, "buying_role"].str.upper()
    said = rows[["id", "_fivetran_synced"]].rename(columns={"id": "contact_id"})
    block.tell("contacts", said.assign(left_at=said["_fivetran_synced"].where(left)))
    linked = rows.loc[~by_property, ["id", "company_id", "_fivetran_synced"]].rename(
        columns={"id": "contact_id"}
    )
    block.tables["hubspot.contact_company"] = linked.assign(category="HUBSPOT_DEFINED", type_id=1)
    block.tables["hubspot.contact"] = rows
    _merged(block, rng)
    return _recipients(everybody)


def _owners(block: Block, companies: pd.DataFrame, older: pd.DataFrame) -> pd.DataFrame:
    """Return a contact for each company that has none: the owner of its household."""
    alone = companies[~companies["id"].isin(older["company_id"])]
    households = block.tables["app.households"].set_index("id")
    users = block.tables["app.users"].drop_duplicates("id").set_index("id")
    owner = alone["household_id"].map(households["owner_user_id"])
    return pd.DataFrame(
        {
            "id": [f"sim_con_{10 * int(number) + _OWNER:08d}" for number in alone["id"].str[-6:]],
            "company_id": alone["id"],
            "email": owner.map(users["email"]),
            "full_name": owner.map(users["full_name"]),
            "created_at": alone["_fivetran_synced"] - NEXT_LOAD,
            "_fivetran_synced": alone["_fivetran_synced"],
        }
    )


def _merged(block: Block, rng: np.random.Generator) -> None:
    """Add contacts that were there twice: merged into the other one, which names them."""
    rows = block.tables["hubspot.contact"]
    can = rows[~rows["_fivetran_deleted"] & (rows["_fivetran_synced"] + 8 * NEXT_LOAD < block.export)]
    at = some(can, 0.01, rng)
    twins = rows.loc[at].reset_index(drop=True)
    merged = twins["_fivetran_synced"] + 7 * NEXT_LOAD
    twin = twins.assign(id=twins["id"].str.replace("con_", "con_twin_"), _fivetran_deleted=True)
    twin = twin.assign(property_associatedcompanyid=twin["company_id"], _fivetran_synced=merged)
    rows.loc[at, "property_hs_merged_object_ids"] = twin["id"].to_numpy()
    block.add("hubspot.contact", twin)
    audit = {"canonical_vid": twins["id"], "contact_id": twins["id"], "vid_to_merge": twin["id"]}
    block.tables["hubspot.contact_merge_audit"] = pd.DataFrame(
        audit | {"timestamp": merged, "_fivetran_synced": merged}
    )
    block.tell("contacts", pd.DataFrame({"contact_id": twin["id"], "merged_into": twins["id"]}))


def _recipients(everybody: pd.DataFrame) -> pd.Series:
    rank = everybody["buying_role"].map(_ROLES).fillna(2)
    first = (
        everybody.assign(rank=rank).sort_values(["company_id", "rank", "id"]).drop_duplicates("company_id")
    )
    return first.set_index("company_id")["email"]
