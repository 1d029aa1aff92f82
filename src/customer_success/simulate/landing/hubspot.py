"""HubSpot as its connector lands it: properties with history, a table per kind of engagement, e-mail events.

Webinars and downloads have no table in this connector and do not land.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .frames import NEXT_LOAD, Block, some, together
from .hubspot_contacts import land_contacts
from .loads import loaded_before

PORTAL = 4_711
CAMPAIGNS = {
    "newsletter": "Newsletter",
    "care_tips": "Care tips",
    "new_features": "New features",
    "renewal_notice": "Your renewal",
    "win_back": "We miss you",
}
_TITLES = ("Quarterly business review", "Onboarding session", "Catch-up", "Renewal talk")
_EMAIL_TYPES = {"sent": "SENT", "opened": "OPEN", "clicked": "CLICK"}
_MEETING_AFTER = {"invited": 2.0, "held": 50.0, "attended": 50.5}  # hours after the week's plan
_MANAGER_DOMAIN = "@petforce.example"


def land_owners(block: Block) -> None:
    """Write owners, what the CRM does not know of them (one is missing there), and e-mail campaigns."""
    rows = block.tables["hubspot.owner"]
    names = rows["full_name"].str.split(" ", n=1, expand=True)
    said = {"owner_id": rows["id"], "first_name": names[0], "last_name": names[1], "type": "PERSON"}
    said |= {"created_at": block.begin, "updated_at": block.begin, "portal_id": PORTAL}
    block.tables["hubspot.owner"] = rows.assign(**said)
    block.tables["cs.csms"] = rows.iloc[:-1].copy()
    ids = [str(n) for n in range(1, len(CAMPAIGNS) + 1)]
    campaigns = {"id": ids, "name": list(CAMPAIGNS.values()), "subject": list(CAMPAIGNS.values())}
    block.tables["hubspot.email_campaign"] = pd.DataFrame(campaigns).assign(_fivetran_synced=block.begin)


def land(block: Block, rng: np.random.Generator) -> None:
    """Bring the HubSpot tables of a block into the connector's shape."""
    events = block.tables.pop("hubspot.engagement")
    companies = _companies(block, rng)
    recipients = land_contacts(block, companies, rng)
    meetings = _meetings(block, events[events["type"] == "meeting"], rng)
    _tell(block, events, meetings, companies)
    _emails(block, events[events["type"] == "email"], recipients)
    outreach = events[events["type"] == "outreach"]
    way = outreach["event"].map({"sent": "EMAIL", "replied": "INCOMING_EMAIL"})
    subject = {"property_hs_email_direction": way, "property_hs_email_subject": "How are you getting on?"}
    _engagements(block, "email", outreach.assign(kind=way, moment=outreach["occurred_at"], **subject))
    calls = events[events["type"] == "call"]
    done = {"property_hs_call_status": "COMPLETED"}
    _engagements(block, "call", calls.assign(kind="CALL", moment=calls["occurred_at"], **done))
    _notes_and_tasks(block, calls)


def _companies(block: Block, rng: np.random.Generator) -> pd.DataFrame:
    """Write companies and the history of their owners, some of it longer; return the older table."""
    older = block.tables["hubspot.company"]
    number = older["id"].str[-6:]
    block.tables["hubspot.company"] = pd.DataFrame(
        {
            "id": older["id"],
            "property_household_id": older["household_id"],
            "property_hubspot_owner_id": older["owner_id"],
            "property_name": "Household " + number,
            "property_domain": "household-" + number + ".example",
            "property_createdate": older["_fivetran_synced"] - NEXT_LOAD,
            "_fivetran_synced": older["_fivetran_synced"],
        }
    )
    owned = older[older["owner_id"].notna()]
    history = pd.DataFrame(
        {"company_id": owned["id"], "value": owned["owner_id"], "timestamp": owned["assigned_at"]}
    )
    before = history.loc[some(history, 0.2, rng)]
    other_owner = before["value"].map(
        lambda owner: "sim_own_0001" if owner == "sim_own_0009" else "sim_own_0009"
    )
    before = before.assign(value=other_owner, timestamp=before["timestamp"] - pd.Timedelta(hours=3))
    other = pd.DataFrame(
        {"company_id": older["id"], "value": "customer", "timestamp": older["_fivetran_synced"]}
    )
    owners = together([before, history]).assign(name="hubspot_owner_id")
    rows = together([owners, other.assign(name="lifecyclestage")]).assign(source="CRM_UI")
    rows["_fivetran_synced"] = (rows["timestamp"] + NEXT_LOAD).clip(upper=block.export)
    block.tables["hubspot.company_property_history"] = rows
    block.tell("companies", older.rename(columns={"id": "company_id"}))
    loaded_before(block, "hubspot.company", {"property_hubspot_owner_id": None}, rng)
    return older


def _meetings(block: Block, events: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Write each meeting once, at its planned time with its outcome; return them with `is_held`."""
    planned = events["occurred_at"] - pd.to_timedelta(events["event"].map(_MEETING_AFTER), unit="h")
    by = events.assign(planned=planned).groupby(["company_id", "planned"], sort=False)
    rows = by.agg(
        id=("id", "first"), contact_id=("contact_id", "first"), seen=("_fivetran_synced", "max")
    ).reset_index()
    attended, held = (
        by["event"].agg(lambda seen, is_=e: is_ in set(seen)).to_numpy(bool) for e in ("attended", "held")
    )
    moment = rows["planned"] + pd.Timedelta(hours=50)
    ahead = moment > block.export
    outcome = np.select([ahead, attended, held], ["SCHEDULED", "COMPLETED", "NO_SHOW"], "CANCELED").astype(
        object
    )
    outcome[attended & (rng.random(len(rows)) < 0.2)] = None
    rows = rows.assign(
        kind="MEETING",
        moment=moment,
        occurred_at=rows["planned"] + pd.Timedelta(hours=2),
        is_held=attended & ~ahead,
        property_hs_meeting_outcome=outcome,
        property_hs_meeting_title=np.array(_TITLES)[rng.integers(0, len(_TITLES), len(rows))],
        _fivetran_synced=rows["seen"],
    )
    _engagements(block, "meeting", rows)
    gone = rows[rows["is_held"]].iloc[:2]
    gone = gone.assign(
        id=gone["id"].str.replace("sim_", "sim_gone_", n=1), property_hs_meeting_outcome="COMPLETED"
    )
    _engagements(block, "meeting", gone.assign(_fivetran_deleted=True))
    return rows


def _engagements(block: Block, table: str, rows: pd.DataFrame) -> None:
    """Write engagements, what they are about, and the table of their kind."""
    loaded = {"_fivetran_synced": rows["_fivetran_synced"]}
    block.add(
        "hubspot.engagement",
        pd.DataFrame({"id": rows["id"], "type": rows["kind"], "portal_id": PORTAL} | loaded),
    )
    company = {"engagement_id": rows["id"], "company_id": rows["company_id"], "category": "HUBSPOT_DEFINED"}
    block.add("hubspot.engagement_company", pd.DataFrame(company | loaded))
    with_contact = rows[rows["contact_id"].notna()].assign(
        category="HUBSPOT_DEFINED", engagement_id=lambda r: r["id"]
    )
    contact = with_contact[["engagement_id", "contact_id", "category", "_fivetran_synced"]]
    block.add("hubspot.engagement_contact", contact.reset_index(drop=True))
    times = {"property_hs_timestamp": rows["moment"], "property_hs_createdate": rows["occurred_at"]}
    own = rows.assign(engagement_id=rows["id"], type=rows["kind"], **times)
    block.add(f"hubspot.engagement_{table}", own.reset_index(drop=True))


def _notes_and_tasks(block: Block, calls: pd.DataFrame) -> None:
    """Write a note after every call and a task after every second: work of the manager, no contact."""
    later = calls["occurred_at"] + pd.Timedelta(minutes=30)
    notes = calls.assign(
        id=calls["id"].str.replace("eng", "note"), kind="NOTE", moment=later, body="Spoke on the phone"
    )
    notes = notes[later < block.export]
    _engagements(block, "note", notes)
    tasks = notes.iloc[::2]
    _engagements(block, "task", tasks.assign(id=tasks["id"].str.replace("note", "todo"), kind="TASK"))


def _emails(block: Block, events: pd.DataFrame, recipients: pd.Series) -> None:
    """Write marketing e-mails as events of a recipient: those that follow a sending name its event."""
    sent = events[events["event"] == "sent"].set_index("message_id")
    known = events["message_id"].isin(sent.index) & (events["event"] != "sent")
    campaign = events["template"].map({name: str(n) for n, name in enumerate(CAMPAIGNS, 1)})
    rows = events.assign(
        id=events["id"].str.replace("eng", "mail"),
        type=events["event"].map(_EMAIL_TYPES),
        recipient=events["company_id"].map(recipients),
        email_campaign_id=campaign,
        created=events["occurred_at"],
        sent_by_id=events["message_id"].map(sent["id"].str.replace("eng", "mail")).where(known),
        sent_by_created=events["message_id"].map(sent["occurred_at"]).where(known),
        filtered_event=False,
        portal_id=PORTAL,
    )
    block.tables["hubspot.email_event"] = rows.reset_index(drop=True)
    for kind, table, own in (
        ("SENT", "sent", {"subject": rows["template"].map(CAMPAIGNS), "from": f"news{_MANAGER_DOMAIN}"}),
        ("OPEN", "open", {"browser": "Firefox", "duration": 4}),
        ("CLICK", "click", {"browser": "Firefox", "url": "https://petforce.example/news"}),
    ):
        part = rows.assign(**own)[rows["type"] == kind].reset_index(drop=True)
        block.tables[f"hubspot.email_event_{table}"] = part


def _tell(block: Block, events: pd.DataFrame, meetings: pd.DataFrame, companies: pd.DataFrame) -> None:
    """Write how many engagements of a kind each household has by the last complete day."""
    end = block.midnight
    landing = events[events["type"].isin(("email", "outreach", "call")) & (events["occurred_at"] < end)]
    held = meetings[meetings["is_held"] & (meetings["moment"] < end)]
    rows = together(
        [landing[["company_id", "type", "event"]], held[["company_id"]].assign(type="meeting", event="held")]
    )
    household = companies.set_index("id")["household_id"]
    by = rows.assign(household_id=rows["company_id"].map(household)).groupby(
        ["household_id", "type", "event"]
    )
    block.tell("engagements", by.size().rename("rows").reset_index())
