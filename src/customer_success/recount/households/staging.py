"""All raw tables through the checks, parents before children."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from .crm import stage_crm
from .loading import Raw
from .loads import says
from .prices import lower
from .rules import Rules
from .sifting import Staged, sift
from .ticket_homes import TicketHomes
from .values import day_number, read_household, read_texts, read_timestamps


def default_as_of(raw: Raw) -> int:
    """Find the day before the latest received event (without events: before the latest load)."""
    received, _ = read_timestamps(raw["product", "events"]["received_at"])
    latest = received.max()
    if pd.isna(latest):
        loads = [
            read_timestamps(frame["_fivetran_synced"])[0].max()
            for frame in raw.values()
            if "_fivetran_synced" in frame.columns and len(frame)
        ]
        loads = [moment for moment in loads if not pd.isna(moment)]
        if not loads:
            raise ValueError("no event and no load time: as_of_date cannot be derived")
        latest = max(loads)
    return day_number(latest) - 1


Of = Callable[[pd.DataFrame], pd.Series]


def stage(raw: Raw, as_of: int, rules: Rules) -> Staged:
    """Run all raw tables through the checks, parents before children."""
    staged = Staged(as_of, rules, raw)
    sift(staged, "app.households")
    valid = set(staged["app.households"]["id"])
    known = {household: household for household in valid}
    later = set(staged.later["app", "households"]["id"].dropna()) - valid
    own = _mapped("household_id", known)

    for name in ("app.users", "zendesk.user", "hubspot.owner", "cs.csms", "meta.fx_rates"):
        sift(staged, name)
    for name in ("household_members", "pets", "feature_settings", "tasks"):
        sift(staged, f"app.{name}", own)
    for name in ("product.events", "cs.check_ins", "survey.invitation", "survey.response"):
        sift(staged, name, own)

    _stage_growth(staged, known, later)

    stage_billing(staged, _of_metadata(rules, known))

    sift(staged, "zendesk.organization", _mapped("external_id", known), _among("external_id", later))
    _stage_tickets(staged)

    stage_crm(staged, known, later)
    return staged


def _stage_growth(staged: Staged, known: dict[str, str], later: set[str]) -> None:
    """Stage what customer success keeps: overrides, referrals, reviews, receipts, success plans."""
    own = _mapped("household_id", known)
    for name in (
        *("lifecycle_overrides", "referral_codes", "credits", "review_requests", "reviews"),
        *("advocacy_activities", "deliveries", "success_plans"),
    ):
        sift(staged, f"cs.{name}", own)
    codes = staged["cs.referral_codes"]
    of_code = _mapped("referral_code", dict(zip(codes["referral_code"], codes["household_id"], strict=True)))

    def referrer(frame: pd.DataFrame) -> pd.Series:
        named = frame["referrer_household_id"].map(known)
        invited = frame["referred_household_id"]
        exists = invited.isna() | invited.isin(set(known) | later)
        return named.where(named.notna(), of_code(frame)).where(exists)

    sift(staged, "cs.referrals", referrer)
    rows = staged["cs.referrals"]
    rows["referred_household_id"] = rows["referred_household_id"].map(known)
    sift(staged, "cs.success_criteria", _parent(staged, "cs.success_plans", "plan_id"))


def _of_metadata(rules: Rules, known: dict[str, str]) -> Of:
    return lambda frame: (
        frame["metadata"].map(lambda text: read_household(text, rules.household_keys)).map(known)
    )


def unlinked_customers(raw: Raw, as_of: int, rules: Rules) -> Staged:
    """Stage what is billed to customers that lead to no household, each under its own id.

    Customers of a household that the source deleted are not among them: those are erased.
    """
    staged = Staged(as_of, rules, raw)
    for name in ("app.households", "meta.fx_rates"):
        sift(staged, name)
    rows = raw["app", "households"]
    gone = says(rows, "_fivetran_deleted") | says(rows, "is_deleted")
    linked = set(staged["app.households"]["id"]) | set(read_texts(rows["id"][gone]))

    def alone(frame: pd.DataFrame) -> pd.Series:
        names = frame["metadata"].map(lambda text: read_household(text, rules.household_keys))
        return frame["id"].where(~names.isin(linked))

    stage_billing(staged, alone)
    return staged


def stage_billing(staged: Staged, household: Of) -> None:
    """A customer leads to its household; what is billed belongs to that of its customer."""
    for name in ("product", "price", "plan", "coupon"):
        sift(staged, f"stripe.{name}")
    sift(staged, "stripe.customer", household)
    of_customer = _parent(staged, "stripe.customer", "customer_id")
    for name in ("subscription_history", "invoice", "charge"):
        sift(staged, f"stripe.{name}", of_customer)
    of_subscription = _parent(staged, "stripe.subscription_history", "subscription_id")
    sift(staged, "stripe.refund", _parent(staged, "stripe.charge", "charge_id"))
    sift(staged, "stripe.subscription_item", of_subscription)
    for name in ("discount", "subscription_discount"):
        sift(staged, f"stripe.{name}", _of_holder(of_subscription, of_customer))


def _of_holder(of_subscription: Of, of_customer: Of) -> Of:
    """Trace discounts by their subscription, else by their customer; older ones name either by its type."""

    def home(frame: pd.DataFrame) -> pd.Series:
        nothing = pd.Series(None, index=frame.index, dtype=object)
        kinds, ids = (frame[name] if name in frame.columns else nothing for name in ("type", "type_id"))
        kinds = kinds.map(lower)
        subscription = frame["subscription_id"].where(
            frame["subscription_id"].notna(), ids.where(kinds == "subscription")
        )
        customer = frame["customer_id"].where(frame["customer_id"].notna(), ids.where(kinds == "customer"))
        first = of_subscription(pd.DataFrame({"subscription_id": subscription}))
        second = of_customer(pd.DataFrame({"customer_id": customer}))
        return first.where(subscription.notna(), second)

    return home


def _stage_tickets(staged: Staged) -> None:
    """Tickets lead to a household by their organization, else by their requester."""
    sift(staged, "zendesk.ticket", TicketHomes(staged).of)
    later = set(staged.later["zendesk", "ticket"]["id"].dropna()) - set(staged["zendesk.ticket"]["id"])
    of_ticket = _parent(staged, "zendesk.ticket", "ticket_id")
    sift(staged, "zendesk.ticket_field_history", of_ticket)
    sift(staged, "zendesk.ticket_comment", of_ticket)
    sift(staged, "zendesk.ticket_tag", of_ticket, _among("ticket_id", later))


def _mapped(column: str, homes: dict[str, str]) -> Of:
    return lambda frame: frame[column].map(homes)


def _parent(staged: Staged, name: str, column: str) -> Of:
    """Trace rows to the household of their parent, which has been staged before."""
    rows = staged[name]
    return _mapped(column, dict(zip(rows["id"], rows["household_id"], strict=True)))


def _among(column: str, ids: set[str]) -> Of:
    return lambda frame: frame[column].isin(ids)


def quarantine_frame(staged: Staged) -> pd.DataFrame:
    """Collect all quarantined rows with their reasons."""
    columns = ["source", "table", "row_key", "reason"]
    if not staged.quarantine:
        return pd.DataFrame(columns=columns)
    return pd.concat(staged.quarantine, ignore_index=True)[columns]
