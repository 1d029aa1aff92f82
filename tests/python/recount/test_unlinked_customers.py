"""Paying customers without household: unknown, and not 0, where the company has no Stripe."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import duckdb
import pytest

from customer_success.recount.households.contract import SCHEMA
from customer_success.recount.households.loading import Raw
from customer_success.recount.households.reader import empty
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.sifting import Staged
from customer_success.recount.marts.held import wrong_rows
from customer_success.recount.marts.of_homes import _unlinked

MART = """
create schema analytics;
create table analytics.fct_source_reconciliation as
select 'stripe' as source, 'customer' as entity, 'rows' as measure, {}::bigint as unlinked_customers,
    {}::decimal(18, 2) as unlinked_mrr
"""


@pytest.mark.parametrize("absent", [True, False])
@pytest.mark.parametrize("shown", ["null", "0"])
def test_unknown_without_stripe_and_0_with_an_empty_one(absent, shown):
    raw = Raw(absent={("stripe", "subscription_history")} if absent else set())
    for name in SCHEMA:
        raw[name] = empty(name)
    found = SimpleNamespace(staged=Staged(19_000, Rules.read(), raw))
    with duckdb.connect() as connection:
        connection.execute(MART.format(shown, shown))
        held = _unlinked(connection, found)
        right = (shown == "null") == absent
        assert (wrong_rows(connection, replace(held, where="true")) == []) == right
