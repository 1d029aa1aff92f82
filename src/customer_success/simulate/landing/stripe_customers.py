"""Whose Stripe's customers are, and customers and rows beside those of the simulated company."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .catalogue import price_id
from .frames import FOREVER, Block, some
from .loads import copied_to_test_mode, deleted, loaded_before

_LATER = pd.Timedelta(days=2)
_METADATA_KEYS = ("household_id", "householdId", "external_id")
_IN_TEST_MODE = {
    "stripe.customer": ("id",),
    "stripe.subscription_history": ("id", "customer_id"),
    "stripe.invoice": ("id", "customer_id", "subscription_id"),
    "stripe.charge": ("id", "customer_id", "invoice_id"),
}


def land_customers(block: Block, rng: np.random.Generator) -> None:
    """Write the household under several keys of the metadata."""
    rows = block.tables["stripe.customer"]
    household = rows["metadata"].str.extract(r'"(sim_hh_\d+)"')[0]
    key = np.searchsorted([0.90, 0.97], rng.random(len(rows)), side="right")
    key[:3] = (0, 1, 2)[: len(key[:3])]
    named = np.array(_METADATA_KEYS)[key]
    rows["metadata"] = [
        f'{{"{k}": "{h}", "plan": "self-serve"}}' for k, h in zip(named, household, strict=True)
    ]
    block.tables["stripe.customer"] = rows.assign(currency="usd", delinquent=False, description=None)


def add_free_prices(block: Block, rng: np.random.Generator) -> None:
    """Give a few households without a customer in Stripe a subscription of price 0: they stay Free."""
    households = block.tables["app.households"]
    taken = "sim_cus_" + households["id"].str[-6:]
    new = households[
        ~taken.isin(block.tables["stripe.customer"]["id"]) & (households["created_at"] < block.export)
    ]
    new = new.loc[some(new, 0.01, rng)]
    start = new["created_at"].to_numpy()
    number = new["id"].str[-6:]
    synced = np.minimum(start + np.timedelta64(6, "h"), np.datetime64(block.export, "us"))
    customer = pd.DataFrame({"id": "sim_cus_" + number, "name": "Household " + number, "created": start})
    customer["metadata"] = ['{"household_id": "' + household + '"}' for household in new["id"]]
    block.add("stripe.customer", customer.assign(currency="usd", delinquent=False, _fivetran_synced=synced))
    ids = "sim_sub_" + number + "0080"
    history = {
        "id": ids,
        "customer_id": customer["id"],
        "status": "active",
        "created": start,
        "start_date": start,
    }
    history |= {
        "_fivetran_start": start,
        "_fivetran_end": FOREVER,
        "_fivetran_active": True,
        "metadata": "{}",
    }
    history |= {"cancel_at_period_end": False, "billing": "charge_automatically", "_fivetran_synced": synced}
    block.add("stripe.subscription_history", pd.DataFrame(history).reset_index(drop=True))
    item = {
        "id": "sim_si_" + number + "0080_0",
        "subscription_id": ids,
        "plan_id": price_id(40),
        "quantity": 1,
    }
    block.add("stripe.subscription_item", pd.DataFrame(item | {"created": start, "_fivetran_synced": synced}))
    said = {"subscription_id": ids, "household_id": new["id"], "kind": "free_price", "priced_by": "items"}
    block.tell("subscriptions", pd.DataFrame(said))


def create_a_household_late(block: Block, v: pd.DataFrame, found: pd.DataFrame) -> None:
    """Let one household be created in the app two days after its first subscription began."""
    households = block.tables["app.households"]
    bought = v.groupby("customer_id")["_fivetran_start"].first()
    plain = found.loc[found["kind"] == "plain", "customer_id"]
    bought = bought[bought.index.isin(plain)].rename(lambda customer: "sim_hh_" + customer[-6:])
    first = households["id"].map(bought)
    late = (first.dt.floor("D") == households["created_at"].dt.floor("D")) & households["closed_at"].isna()
    at = households.index[late & (first + 2 * _LATER < block.export)][:1]
    households.loc[at, "created_at"] = first[at] + _LATER
    said = {"household_id": households.loc[at, "id"], "signup_date": first[at].dt.date}
    block.tell("signups", pd.DataFrame(said))


def add_rows_apart(block: Block, found: pd.DataFrame, rng: np.random.Generator) -> None:
    """Add rows that never count: loaded twice, deleted, of the test mode, of a customer who is nobody's."""
    loaded_before(block, "stripe.customer", {"name": "Before the change of name"}, rng)
    unpaid = {"status": "open", "amount_paid": 0, "paid": False}
    loaded_before(block, "stripe.invoice", unpaid, rng)
    loaded_before(block, "stripe.charge", {"status": "pending", "paid": False}, rng)
    key = ("id", "_fivetran_start")
    loaded_before(block, "stripe.subscription_history", {"status": "incomplete"}, rng, key)
    deleted(block, "stripe.invoice", rng, "is_deleted")
    deleted(block, "stripe.customer", rng, "is_deleted")
    plain = found.loc[found["kind"] == "plain", "customer_id"]
    copied_to_test_mode(block, _IN_TEST_MODE, plain.iloc[: max(1, len(plain) // 200)])
    _nobodys_customer(block, found)


def _nobodys_customer(block: Block, found: pd.DataFrame) -> None:
    """Add a paying customer whose metadata name no household."""
    customer = block.tables["stripe.customer"].iloc[:1].assign(id="sim_cus_nobody", metadata="{}", email=None)
    customer["id"] += f"_{block.number:04d}"
    block.set_apart("stripe.customer", customer, "quarantined", "without_household")
    plain = found.index[found["kind"] == "plain"]
    versions = block.tables["stripe.subscription_history"]
    items = block.tables["stripe.subscription_item"]
    own = versions[
        versions["id"].isin(plain) & versions["_fivetran_active"] & (versions["status"] == "active")
    ]
    own = own.iloc[:1]
    copy = own.assign(id="sim_sub_nobody_" + f"{block.number:04d}", customer_id=customer["id"].iloc[0])
    key = copy["id"] + "|" + copy["_fivetran_start"].astype(str)
    block.set_apart(
        "stripe.subscription_history", copy.assign(row_key=key), "quarantined", "without_household", "row_key"
    )
    item = items[items["subscription_id"].isin(own["id"])].assign(
        id=f"sim_si_nobody_{block.number:04d}", subscription_id=f"sim_sub_nobody_{block.number:04d}"
    )
    block.apart.setdefault("stripe.subscription_item", []).append(item)
