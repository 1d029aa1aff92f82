"""Lies about what connectors land: items, discounts, rates, late news, loads, merged tickets, offsets."""

from __future__ import annotations

from ..lie import Lie, Replace

KIND = "connectors"
BILLING = "models/intermediate/billing/int_subscription_"
METRICS, STAGING, MARTS = "recount of metrics", "staging against raw", "marts: "


def _lie(name: str, file: str, honest: str, planted: str, check: str = METRICS) -> Lie:
    return Lie(name, KIND, (Replace(file, honest, planted),), check, full=True, landed=True)


LIES = [
    _lie(
        "Each item of a subscription counts once",
        f"{BILLING}lines.sql",
        "        items.quantity,\n",
        "        1 as quantity,\n",
    ),
    _lie(
        "Percentages of coupons are ignored",
        f"{BILLING}reductions.sql",
        "product(1 - percent_off / 100) as kept_share",
        "product(1 - 0 * percent_off / 100) as kept_share",
    ),
    _lie(
        "Prices in another currency are converted at the rate of today",
        f"{BILLING}lines.sql",
        "{{ exchange_rate('prices.currency', 'lines.version_from') }} as rate",
        "{{ exchange_rate('prices.currency', as_of_date()) }} as rate",
    ),
    _lie(
        "A subscription whose collection is paused pays",
        f"{BILLING}periods.sql",
        "is_in_force and (is_paying_status or is_free_period) and not is_paused as is_paying",
        "is_in_force and (is_paying_status or is_free_period) as is_paying",
    ),
    _lie(
        "A free period is shown at the price of the list",
        f"{BILLING}periods.sql",
        "when not is_paying or costs_nothing then 0\n        when discounted_value",
        "when not is_paying then 0\n        when discounted_value",
    ),
    _lie(
        "A history that begins late begins with its first version",
        f"{BILLING}versions.sql",
        "least(first_day, coalesce(cast(started_at as date), first_day))",
        "first_day",
    ),
    _lie(
        "A product without a plan counts as Premium",
        "models/intermediate/billing/int_prices.sql",
        "case when by_id.product is not null then by_id.plan_type else by_name.plan_type end as plan_type",
        "coalesce(by_id.plan_type, by_name.plan_type, 'Premium') as plan_type",
        "assert_each_product_has_a_plan",
    ),
    _lie(
        "Quantities of items are doubled in staging",
        "models/staging/stripe/stg_stripe__subscription_item.sql",
        "    quantity,\n",
        "    quantity * 2 as quantity,\n",
        STAGING,
    ),
    _lie(
        "Of rows loaded twice the first stands",
        "macros/raw/ranked_loads.sql",
        "{{ loaded_at }} desc nulls last",
        "{{ loaded_at }} asc nulls last",
        STAGING,
    ),
    _lie(
        "The offset of a moment is dropped",
        "macros/raw/read_moment.sql",
        "'cast(coalesce(try_cast(' ~ column ~ ' as timestamptz), ",
        "'cast(coalesce(try_cast(left(' ~ column ~ ', 19) as timestamptz), ",
        STAGING,
    ),
    _lie(
        "Rows of test mode count",
        "macros/raw/row_class.sql",
        "when is_test_mode {%",
        "when false {%",
        STAGING,
    ),
    _lie(
        "A merged ticket is a ticket like any other",
        "models/intermediate/support/int_ticket_levels.sql",
        "count(*) filter (where tags.dimension = 'merged') > 0 as is_merged",
        "false as is_merged",
    ),
    _lie(
        "The household that pays unlinked money is found by chance",
        "models/intermediate/quality/int_unlinked_customers.sql",
        "where household_id is null and valid_until is null and is_paying",
        "where household_id is null and valid_until is null and is_paying and mrr < 0",
        MARTS,
    ),
]
