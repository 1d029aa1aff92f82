"""The truths about the landed shape, against figures by hand and against what lands."""

from datetime import UTC, datetime, timedelta

import pytest

from customer_success.simulate.landing.catalogue import COUPONS, PRICES, Price, yen_rate
from customer_success.simulate.landing.stripe_kinds import KINDS

# What comes on top of the plan, and what is taken off it, whichever the plan is.
ADDED = {"storage": 1, "storage_in_tens": 9, "one_time": 0, "coupon_once": 0, "coupon_of_invoice": 0}
OFF = {"coupon_forever": 0.75, "coupon_of_customer": 0.9}


def month_ends(landed, kind: str) -> list[dict]:
    """MRR of households with one subscription only, of a kind, while they pay: with plan, seats and start."""
    return (
        landed.sql(f"""
        with only_one as (
            select household_id, any_value(subscription_id) as subscription_id, any_value(kind) as kind
            from truth.subscriptions group by 1 having count(*) = 1),
        first as (
            select id, min(_fivetran_start)::date as started, any_value(quantity) as seats,
                   count(distinct price_id) as prices, any_value(price_id) as price_id
            from older_stripe.subscription_history group by 1)
        select m.date::date as day, m.plan_type, m.mrr_list::double as list, m.mrr::double as net,
               m.is_known::bool as is_known, s.started, s.seats, s.price_id
        from truth.mrr m join only_one o using (household_id) join first s on s.id = o.subscription_id
        where o.kind = '{kind}' and m.is_paying::bool
        """)
        .to_arrow_table()
        .to_pylist()
    )


def plan_per_month(row: dict) -> float:
    return {"sim_price_0010": 9.99, "sim_price_0020": 6.0}[row["price_id"]] * row["seats"]


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_occurs(landed, kind):
    found = landed.sql(f"select count(*) from truth.subscriptions where kind = '{kind}'").fetchone()[0]
    assert found > 0


@pytest.mark.parametrize("kind", ADDED)
def test_what_comes_on_top(landed, kind):
    rows = month_ends(landed, kind)
    assert rows
    for row in rows:
        assert row["net"] == row["list"] == pytest.approx(plan_per_month(row) + ADDED[kind])


@pytest.mark.parametrize("kind", OFF)
def test_what_a_coupon_takes_off(landed, kind):
    rows = month_ends(landed, kind)
    assert rows
    for row in rows:
        assert row["list"] == pytest.approx(plan_per_month(row))
        assert row["net"] == pytest.approx(OFF[kind] * row["list"])


def test_half_off_for_three_months(landed):
    rows = month_ends(landed, "coupon_months")
    shares = {}
    for row in rows:
        months = (row["day"].year - row["started"].year) * 12 + row["day"].month - row["started"].month
        months -= row["day"].day < row["started"].day
        shares.setdefault(months < 3, set()).add(round(row["net"] / row["list"], 4))
    assert shares == {True: {0.5}, False: {1.0}}


def test_two_dollars_off(landed):
    rows = month_ends(landed, "coupon_amount")
    assert rows and all(row["list"] - row["net"] == pytest.approx(2) for row in rows)


def test_a_month_on_us_is_paying_at_nothing(landed):
    rows = month_ends(landed, "coupon_full")
    free = [row for row in rows if row["net"] == 0]
    assert free and all(row["list"] == 0 and row["is_known"] for row in free)


def test_extra_seats_from_their_day_on(landed):
    found = {round(row["list"] - plan_per_month(row), 2) for row in month_ends(landed, "extra_seat")}
    assert 10.0 in found and found <= {0.0, 10.0}
    found = {round(row["list"] - plan_per_month(row), 2) for row in month_ends(landed, "extra_seat_business")}
    assert 12.0 in found and found <= {0.0, 12.0}


def test_yen_at_the_rate_of_the_days_before(landed):
    rows = month_ends(landed, "yen")
    rates = landed.sql("select min(rate), max(rate), count(*) from meta.fx_rates").fetchone()
    assert rates[2] > 200
    for row in rows:
        assert 1500 * row["seats"] * rates[0] <= row["list"] + 1e-4 <= 1500 * row["seats"] * rates[1] + 2e-4
    # 2026-06-27 and 28 are a weekend: the rate of Friday holds.
    friday, saturday, sunday = yen_rate([20630, 20631, 20632])
    assert friday == saturday == sunday
    assert landed.sql("select count(*) from meta.fx_rates where isodow(date) > 5").fetchone()[0] == 0


@pytest.mark.parametrize("kind", ["tiered", "metered", "no_rate", "price_missing", "coupon_missing"])
def test_what_is_not_known(landed, kind):
    rows = landed.sql(f"""
        select m.plan_type, m.mrr_list, m.mrr, count(*)
        from truth.mrr m join truth.subscriptions s using (household_id)
        where s.kind = '{kind}' and not m.is_known::bool group by all""").fetchall()
    assert rows and all(row[1:3] == (None, None) for row in rows)
    assert {row[0] for row in rows} <= ({None} if kind == "price_missing" else {"Premium", "Enterprise"})


@pytest.mark.parametrize(
    "price,quantity,minor",
    [
        (Price(1, 300, divide_by=10), 25, 900),
        (Price(1, 300, divide_by=10), 30, 900),
        (Price(1, 0.5), 200, 100),
        (Price(4, 1500, None), 3, 0),
    ],
)
def test_cost_of_a_quantity(price, quantity, minor):
    assert price.minor(quantity) == minor


def test_prices_and_coupons_land_as_they_are(landed):
    plans = landed.sql("select id, amount, interval, currency from stripe.plan").fetchall()
    assert {row[0] for row in plans} - {
        row[0] for row in landed.sql("select id from stripe.price").fetchall()
    }
    known = landed.sql(
        "select count(*) from stripe.price where unit_amount is null and unit_amount_decimal = '0.5'"
    )
    assert known.fetchone()[0] == 1
    assert len(plans) == sum(price.interval is not None for price in PRICES.values())
    assert landed.sql("select count(*) from stripe.coupon").fetchone()[0] == len(COUPONS)


def test_free_and_paused_months_ask_for_nothing(landed):
    asked = landed.sql("""
        select p.kind, max(i.amount_due), bool_or(i.paid), any_value(lower(trim(i.status)))
        from truth.periods p join stripe.invoice i
            on i.subscription_id = p.subscription_id and i.created::date = p.first_day::date and i.livemode
        join truth.subscriptions s on s.subscription_id = p.subscription_id
        where s.kind in ('free_month', 'paused', 'paused_until') group by all order by 1""").fetchall()
    assert [row[0] for row in asked] == ["free", "paused"]
    assert asked[0][1] == 0 and asked[1][2:] == (False, "void")


def test_ends_that_no_version_shows(landed):
    """Of these the last version is seen days later, never closed, or all there is."""
    rows = landed.sql("""
        select s.kind, max(v._fivetran_start)::date - p.last_day::date, bool_or(v._fivetran_active), count(*)
        from truth.periods p join truth.subscriptions s using (subscription_id)
        join stripe.subscription_history v on v.id = p.subscription_id and v.livemode
        where p.kind = 'ended' group by s.kind, p.subscription_id, p.last_day""").fetchall()
    kinds = {row[0] for row in rows}
    assert kinds == {"late_ended", "seen_late", "not_active"}
    for kind, days, active, versions in rows:
        assert kind != "seen_late" or days >= 5
        assert kind != "not_active" or not active
        assert kind != "late_ended" or versions == 1


def read(written: str) -> datetime:
    """Read a moment as the contract says: digits are epochs, an offset is subtracted, all else is UTC."""
    if written.isdigit():
        return datetime.fromtimestamp(int(written) / (1000 if len(written) == 13 else 1), UTC)
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def test_moments_mean_what_the_truth_says(landed):
    rows = landed.sql("""
        select written, means from truth.values
        where "column" like '%\\_at' escape '\\' """).fetchall()
    ways = {"+02:00": 0, "Z": 0, "epoch": 0}
    for written, means in rows:
        assert abs(read(written) - read(means)) < timedelta(microseconds=1)
        way = "epoch" if written.isdigit() else "Z" if written.endswith("Z") else "+02:00"
        ways[way] += 1
    assert all(ways.values())


def test_words_mean_what_the_truth_says(landed):
    rows = landed.sql("""
        select "column", written, means from truth.values
        where "column" not like '%\\_at' escape '\\' """).fetchall()
    assert {row[0] for row in rows} == {"status", "currency", "region", "survey_type"}
    assert all(written != means and written.strip().lower() == means.lower() for _, written, means in rows)


def test_first_responses(landed):
    """Deleted answers do not count, those of staff who has left do."""
    deleted = landed.sql("""
        select count(*), count(*) filter (where c.created < t.first_response_at::timestamp)
        from zendesk.ticket_comment c join truth.tickets t using (ticket_id)
        where c._fivetran_deleted""").fetchone()
    assert deleted[0] == deleted[1] > 0
    by_left = "select count(*) from zendesk.ticket_comment where user_id = 'sim_zus_90000090'"
    assert landed.sql(by_left).fetchone()[0] > 0
    opened = landed.sql("""
        select count(*), bool_and(t.first_response_at::timestamp = z.created_at),
               bool_and(z.submitter_id <> z.requester_id)
        from truth.tickets t join zendesk.ticket z on z.id = t.ticket_id
        where t.is_agent_opened::bool""").fetchone()
    assert opened[0] > 0 and opened[1] and opened[2]


def test_merged_tickets_say_so_in_either_way(landed):
    signs = landed.sql("""
        select t.ticket_id in (select ticket_id from zendesk.ticket_tag where tag = 'closed_by_merge'),
               exists (from zendesk.ticket where contains(merged_ticket_ids, '"' || t.ticket_id || '"'))
        from truth.tickets t where t.is_merged::bool""").fetchall()
    assert set(signs) == {(True, False), (False, True), (True, True)}


def test_a_household_older_than_its_account(landed):
    rows = landed.sql("""
        select s.signup_date::date, h.created_at::timestamp::date, o.created_at::date
        from truth.signups s join app.households h on h.id = s.household_id
        join older_app.households o on o.id = s.household_id
        where regexp_matches(h.created_at, '^....-')""").fetchall()
    assert rows and all(created > signup == before for signup, created, before in rows)


def test_engagements_are_counted_by_the_last_complete_day(landed, config):
    theirs = f"""
        select count(*) from older_hubspot.engagement
        where type = 'email' and occurred_at < date '{config.end_date}' + 1"""
    ours = "select sum(rows::int) from truth.engagements where type = 'email'"
    assert landed.sql(ours).fetchone() == landed.sql(theirs).fetchone()
