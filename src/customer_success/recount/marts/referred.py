"""Referrals, rewards, reviews and advocates of the whole company, from staged rows and billing timelines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import sqrt

import duckdb
import pandas as pd
from scipy.stats import t

from customer_success.recount import referrals
from customer_success.recount.drawn import Drawn
from customer_success.recount.households.facts import as_date
from customer_success.recount.households.values import day_number
from customer_success.recount.second_methods import CONFIDENCE, share_of

from .held import Held, of_rows

DAYS = ("signed_up_at", "converted_at", "reward_due_at", "due_at", "since")


def referred(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Recount what follows from referrals; registers a relation per mart in the connection."""
    company = company_of(connection, found)
    rows = [
        referrals.Referral(name, referrer, invited, pd.Timestamp(at))
        for name, referrer, invited, at in connection.execute(
            "select referral_id, referrer_household_id, referred_household_id, created_at"
            " from staging.stg_cs__referrals"
        ).fetchall()
    ]
    done = _days(
        connection,
        "select household_id, activity, completed_at::date from staging.stg_cs__advocacy_activities",
    )
    spent = connection.execute("select household_id, reason from staging.stg_cs__credits").fetchall()
    made = {
        ("fct_referrals", ("referral_id",)): (referrals.row_of(one, company) for one in rows),
        ("fct_rewards_due", ("reward_id",)): referrals.rewards(rows, company),
        ("rpt_referral_leaderboard", ("household_id",)): referrals.leaderboard(rows, company),
        ("dim_advocates", ("household_id",)): referrals.advocates(rows, done, spent, company),
    }
    for (mart, key), of_mart in made.items():
        yield held(connection, mart, key, list(of_mart))
    yield review_requests()
    yield reviews(connection)


def held(connection, mart: str, key: tuple[str, ...], rows: list[dict]) -> Held:
    """Compare rows with a mart; numbered days become dates."""
    shown = [row | {name: as_date(row[name]) for name in DAYS if row.get(name) is not None} for row in rows]
    return of_rows(connection, mart, key, shown)


def _days(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return [(*rest, day_number(day)) for *rest, day in connection.execute(query).fetchall()]


def company_of(connection: duckdb.DuckDBPyConnection, found: Drawn) -> referrals.Company:
    """Assemble what referrals are judged by."""
    world = found.world

    def pays(home: str, day: int) -> bool:
        return home in world.lines and world.lines[home].at(day).paying

    def first_paying(home: str, day: int) -> int | None:
        if pays(home, day):
            return day
        days = world.lines[home].days if home in world.lines else ()
        return next((one for one in days if one > day and pays(home, one)), None)

    addresses: dict[str, dict] = defaultdict(dict)
    for home, user, email in connection.execute(
        "select household_id, user_id, email from staging.stg_app__household_members"
        " left join staging.stg_app__users using (user_id) where user_id is not null"
    ).fetchall():
        addresses[home][user] = email
    signup = dict(
        _days(connection, "select household_id, signup_date from intermediate.int_household_signups")
    )
    credited = connection.execute("select reference_id from staging.stg_cs__credits").fetchall()
    return referrals.Company(
        last=world.as_of,
        signup=signup,
        addresses=addresses,
        pays=pays,
        first_paying=first_paying,
        invoices=_invoices(connection),
        credited=frozenset(name for (name,) in credited if name),
        rules=world.rules,
    )


def _invoices(connection: duckdb.DuckDBPyConnection) -> dict[str, list[referrals.Invoice]]:
    refunds: dict[str, list] = defaultdict(list)
    for invoice, day, amount in connection.execute(
        "select invoice_id, refunds.created_at::date, refunds.amount"
        " from staging.stg_stripe__refund as refunds join staging.stg_stripe__charge using (charge_id)"
        " where refunds.status = 'succeeded'"
    ).fetchall():
        refunds[invoice].append((day_number(day), float(amount or 0)))
    found: dict[str, list] = defaultdict(list)
    for home, name, day, paid in connection.execute(
        "select household_id, invoice_id, created_at::date, amount_paid from staging.stg_stripe__invoice"
        " where status = 'paid' and amount_paid > 0"
    ).fetchall():
        found[home].append(referrals.Invoice(day_number(day), float(paid), tuple(refunds[name])))
    return found


def review_requests() -> Held:
    """Each request with the first review on its platform before the next request."""
    return Held(
        "fct_review_requests",
        ("request_id",),
        "with asked as (select *, lead(requested_at, 1, 'infinity') over (partition by household_id, platform"
        " order by requested_at, request_id) as until from staging.stg_cs__review_requests),"
        " given as (select request_id, min(submitted_at) as submitted_at,"
        " arg_min(rating, (submitted_at, review_id)) as rating from asked"
        " join staging.stg_cs__reviews as reviews using (household_id, platform)"
        " where submitted_at >= requested_at and submitted_at < until group by request_id)"
        " select request_id, household_id, platform, requested_at, submitted_at,"
        " datediff('day', requested_at::date, submitted_at::date) as days_to_submit, rating"
        " from asked left join given using (request_id)",
    )


def reviews(connection: duckdb.DuckDBPyConnection) -> Held:
    """Requests by platform, and the ratings of all reviews there."""
    asked = connection.execute(
        "select platform, count(*) as asked, count(submitted_at) as submitted"
        " from analytics.fct_review_requests group by platform"
    ).fetchall()
    ratings: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for platform, household, rating in connection.execute(
        "select platform, household_id, rating from staging.stg_cs__reviews where rating is not null"
    ).fetchall():
        ratings[platform][household].append(float(rating))
    counts = {platform: (n, k) for platform, n, k in asked}
    rows = [
        {"platform": platform, **_rate(*counts.get(platform, (0, 0))), **_mean(ratings[platform])}
        for platform in sorted({*counts, *ratings})
    ]
    return held(connection, "rpt_reviews", ("platform",), rows)


def _rate(asked: int, submitted: int) -> dict:
    row = {"asked": asked, "submitted": submitted, "submission_rate": None, "ci_low": None, "ci_high": None}
    if asked:
        row |= zip(("submission_rate", "ci_low", "ci_high"), share_of(submitted, asked), strict=True)
    return row


def _mean(ratings: Mapping[str, list[float]]) -> dict:
    """Return the mean of the ratings, by household, with the interval whose observations are households."""
    stars = [star for found in ratings.values() for star in found]
    row = {"rating_n": len(stars), "mean_rating": None, "rating_ci_low": None, "rating_ci_high": None}
    if stars:
        row["mean_rating"] = mean = sum(stars) / len(stars)
        squares = sum(sum(star - mean for star in found) ** 2 for found in ratings.values())
        if len(ratings) > 1 and squares > 1e-18:
            error = sqrt(squares * len(ratings) / (len(ratings) - 1)) / len(stars)
            low, high = t.interval(CONFIDENCE, len(ratings) - 1, loc=mean, scale=error)
            row["rating_ci_low"], row["rating_ci_high"] = max(low, 1.0), min(high, 5.0)
    return row
