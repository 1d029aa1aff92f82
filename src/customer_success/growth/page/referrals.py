"""Referrals by month, who referred most, and rewards that are due."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_month, bars_by_name
from customer_success.pages.style import ACCENT, PALETTE, UNKNOWN
from customer_success.pages.words import counted, money

STATUSES = {
    "pending": PALETTE[4],
    "signed up": PALETTE[1],
    "converted": PALETTE[2],
    "rewarded": ACCENT,
    "self-referral": UNKNOWN,
}
KINDS = {"referral": "for referring", "referred": "for being referred"}
REWARDS = {"due": PALETTE[1], "granted": ACCENT, "expired": UNKNOWN}


def referrals(connection: duckdb.DuckDBPyConnection, vars_: dict[str, object]) -> Section:
    """Referrals by status; those of oneself apart, as they count nowhere."""
    title = "Referrals"
    rows = rows_of(
        connection,
        """select cast(date_trunc('month', created_at) as date) as month,
            case when is_self_referral then 'self-referral' else replace(status, '_', ' ') end as part,
            count(*) as n
        from analytics.fct_referrals group by all order by all""",
    )
    if not rows:
        return Section(title, "", [Panel("No referral has been made yet.")])
    (review,) = rows_of(
        connection, "select count(*) filter (where needs_review) as n from analytics.fct_referrals"
    )
    panels = [
        bars_by_month(rows, STATUSES, "referrals", "By month and status"),
        _rewards(connection),
        _leaders(connection, vars_),
    ]
    lead = f"{counted(review['n'], 'referral')} between households that share a company's domain need a look."
    wait = counted(vars_["reward_wait_days"], "day")
    reading = (
        "Converted: the referred household paid on or after the referral, and not the day before. The"
        f" reward is due {wait} after its first paid invoice that was not refunded. Self-referrals, where"
        " the two share a person or an address, count nowhere and earn nothing."
    )
    return Section(title, lead if review["n"] else "", panels, reading)


def _rewards(connection: duckdb.DuckDBPyConnection) -> Panel:
    heading, about = "Rewards that fell due", "Credit or months of Premium"
    rows = rows_of(
        connection,
        """select kind, status as part, count(*) as n, sum(amount) as amount, sum(months) as months
        from analytics.fct_rewards_due group by all order by all""",
    )
    if not rows:
        return Panel("No reward has fallen due.", heading=heading, about=about)
    panel = bars_by_name(
        [row | {"name": KINDS[row["kind"]]} for row in rows],
        REWARDS,
        "rewards",
        heading,
        about,
    )
    table = [
        [
            KINDS[row["kind"]],
            row["part"],
            row["n"],
            "none" if row["amount"] is None else money(row["amount"]),
            "none" if row["months"] is None else f"{row['months']:.0f}",
        ]
        for row in rows
    ]
    columns = ("kind", "status", "rewards", "credit", "months of Premium")
    return replace(panel, columns=columns, rows=table)


def _leaders(connection: duckdb.DuckDBPyConnection, vars_: dict[str, object]) -> Panel:
    heading = f"Referrals that converted in {counted(vars_['leaderboard_days'], 'day')}"
    rows = rows_of(
        connection,
        """select place, household_id, successful_referrals, cast(last_referral_at as date) as latest
        from analytics.rpt_referral_leaderboard order by place, household_id limit 20""",
    )
    if not rows:
        return Panel("No referral converted in that time.", heading=heading, wide=True)
    table = [
        [row[name] for name in ("place", "household_id", "successful_referrals", "latest")] for row in rows
    ]
    columns = ("place", "household", "converted", "latest")
    return Panel("There is no prize for a place.", heading=heading, columns=columns, rows=table, wide=True)
