"""The defects of real exports are present, in about the intended amounts."""

from datetime import date
from itertools import pairwise

import pyarrow.parquet as pq
import pytest

BAD = "(select row_key from truth.bad_rows where row_key is not null)"
PRESENT = {
    "member left": "from app.household_members where left_at > joined_at",
    "member rejoined": "from (select household_id, user_id from app.household_members "
    "where id not like 'sim_bad%' group by all having count(*) > 1)",
    "user in two households": "from (select user_id from app.household_members "
    "group by 1 having count(distinct household_id) > 1)",
    "event after leaving": "from product.events e join app.household_members m using "
    "(household_id, user_id) where e.occurred_at > m.left_at + interval 1 day",
    "event of a stranger": "from product.events e anti join app.household_members m "
    "on m.user_id = e.user_id and m.household_id = e.household_id",
    "reopened ticket": "from zendesk.ticket_field_history a join zendesk.ticket_field_history b "
    "using (ticket_id) where a.field_name = 'status' and b.field_name = 'status' "
    "and a.value = 'solved' and b.value = 'open' and b.updated > a.updated",
    "ticket without urgency": "from zendesk.ticket t anti join (select * from zendesk.ticket_tag "
    "where tag like 'urgency%') g on g.ticket_id = t.id",
    "tags outside the history": "from zendesk.ticket_tag t anti join (select * from "
    "zendesk.ticket_field_history where field_name = 'tags') h using (ticket_id)",
    "escalated": "from zendesk.ticket_tag where tag = 'escalated'",
    "competitor": "from zendesk.ticket_tag where tag like 'competitor_%'",
    "ticket without organization": "from zendesk.ticket where organization_id is null",
    "private comment": "from zendesk.ticket_comment where not public",
    "agent without household": "from zendesk.user where role = 'agent' and external_id is null",
    "charge failed": "from stripe.charge where status = 'failed' and failure_code is not null",
    "retry": "from stripe.invoice where attempt_count > 1",
    "past due": "from stripe.subscription_history where status = 'past_due'",
    "unpaid": "from stripe.subscription_history where status = 'unpaid'",
    "paused": "from stripe.subscription_history where status = 'paused'",
    "scheduled": "from stripe.subscription_history where cancel_at_period_end and status = 'active'",
    "full refund": "from stripe.refund r join stripe.charge c on c.id = r.charge_id "
    "where r.amount = c.amount",
    "partial refund": "from stripe.refund r join stripe.charge c on c.id = r.charge_id "
    "where r.amount < c.amount",
    "pending refund": "from stripe.refund where status = 'pending'",
    "trial converted": "from stripe.subscription_history where status = 'active' and trial_start is not null",
    "trial ended unpaid": "from stripe.subscription_history s where status = 'canceled' "
    "and ended_at between trial_end - interval 1 hour and trial_end + interval 1 hour",
    "annual": "from stripe.subscription_history s join stripe.price p on p.id = s.price_id "
    "where recurring_interval = 'year'",
    "weekly or daily": "from stripe.subscription_history s join stripe.price p "
    "on p.id = s.price_id where recurring_interval in ('week', 'day')",
    "plan change within a subscription": "from (select s.id from stripe.subscription_history s "
    "join stripe.price p on p.id = s.price_id group by 1 having count(distinct product_id) > 1)",
    "interval change": "from (select s.id from stripe.subscription_history s "
    "join stripe.price p on p.id = s.price_id group by 1 "
    "having count(distinct recurring_interval) > 1)",
    "seats change": "from (select id from stripe.subscription_history group by 1 "
    "having count(distinct quantity) > 1)",
    "two subscriptions at once": "from stripe.subscription_history a join "
    "stripe.subscription_history b on a.customer_id = b.customer_id and a.id < b.id "
    "and a.status = 'active' and b.status = 'active' and a._fivetran_start < b._fivetran_start "
    "and coalesce(a._fivetran_end, timestamp '2099-01-01') > b._fivetran_start",
    "account closed": "from app.households where closed_at is not null",
    "closed on signup day": "from app.households where closed_at::date = created_at::date",
    "null comment": "from survey.response where comment is null",
    "empty comment": "from survey.response where comment = ''",
    "null score": "from survey.response where score is null",
    "response without invitation": "from survey.response where invitation_id is null",
    "invitation unanswered": "from survey.invitation i anti join survey.response r on r.invitation_id = i.id",
    "csat on a ticket": "from survey.response where survey_type = 'CSAT' and ticket_id is not null",
    "exit survey": "from survey.invitation where survey_type = 'Exit'",
    "champion left": "from hubspot.contact where buying_role = 'champion' and left_at is not null",
    "executive": "from hubspot.contact where buying_role = 'executive'",
    "webinar attended": "from hubspot.engagement where type = 'webinar' and event = 'attended'",
    "meeting held": "from hubspot.engagement where type = 'meeting' and event = 'held'",
    "outreach replied": "from hubspot.engagement where type = 'outreach' and event = 'replied'",
    "mail clicked": "from hubspot.engagement a join hubspot.engagement b using (message_id) "
    "where a.event = 'sent' and b.event = 'clicked'",
    "feature outside the catalogue": "from product.events where feature_name = 'beta_mood_board'",
    "unmapped event": "from product.events where event_name = 'widget_tapped'",
    "limit": "from product.events where event_name = 'limit_hit'",
    "analytics page": "from product.events where page = 'analytics'",
    "template page": "from product.events where page = 'templates/new'",
    "deleted task": "from app.tasks where deleted_at is not null",
    "setting switched off": "from app.feature_settings where not is_enabled",
    "came back": "from truth.spells where returns_at is not null",
}
TEXTS = ('%"%', "%\n%", "%🐶%", "%\u200f%", "%{{%", "%<script>%", "=%")


@pytest.mark.parametrize("what", PRESENT)
def test_present(db, what):
    assert db.sql(f"select count(*) {PRESENT[what]}").fetchone()[0] > 0


@pytest.mark.parametrize("like", TEXTS)
def test_text_that_must_stay_data(db, like):
    found = db.execute(
        "select count(*) from (select body t from zendesk.ticket_comment union all "
        "select comment from survey.response) where t like ?",
        [like],
    ).fetchone()[0]
    assert found > 0


def test_arrival_of_events(db):
    late, later, ahead, copies, exact = db.sql(f"""
        with e as (select * from product.events where event_id not in {BAD})
        select avg((received_at - occurred_at between interval 23 hour and interval 80 hour)::int),
               avg((received_at - occurred_at > interval 95 hour)::int),
               avg((occurred_at > received_at)::int),
               1 - count(distinct event_id) / count(*),
               count(*) - (select count(*) from (select distinct * from e))
        from e""").fetchone()
    assert 0.007 < late < 0.013
    assert 0.0004 < later < 0.0016
    assert 0.001 < ahead < 0.003
    assert 0.003 < copies < 0.007
    assert exact > 0
    longest = db.sql(
        f"select max(occurred_at - received_at) < interval 24 hour from product.events "
        f"where event_id not in {BAD}"
    ).fetchone()[0]
    assert longest


def test_versions_follow_each_other_by_a_millisecond(db):
    gaps, open_ends = db.sql("""
        with v as (select *, lead(_fivetran_start) over (partition by id order by _fivetran_start)
                   as following from stripe.subscription_history)
        select bool_and(_fivetran_end = following - interval 1 millisecond)
                 filter (following is not null),
               bool_and(_fivetran_active and _fivetran_end is null) filter (following is null)
        from v""").fetchone()
    assert gaps and open_ends


def test_the_data_ends_in_the_day_after_the_end_date(db, config):
    last = db.sql("select max(received_at)::date from product.events").fetchone()[0]
    assert (last - config.end_date).days == 1
    for table, column in (
        ("app.tasks", "created_at"),
        ("hubspot.engagement", "occurred_at"),
        ("stripe.subscription_history", "_fivetran_start"),
    ):
        top = db.sql(f"select max({column})::date from {table}").fetchone()[0]
        assert top == last
    assert isinstance(config.end_date, date)


def test_events_lie_in_order_of_arrival(folder, db):
    file = pq.ParquetFile(folder / "raw/product/events.parquet")
    position = file.schema_arrow.names.index("received_at")
    bounds = [
        file.metadata.row_group(i).column(position).statistics for i in range(file.metadata.num_row_groups)
    ]
    assert all(a.max <= b.min for a, b in pairwise(bounds))
    received = file.read(columns=["received_at"]).column(0).to_numpy()
    assert (received[1:] >= received[:-1]).all()


def test_a_free_household_takes_no_more_photos_than_its_plan_allows(db):
    most = db.sql("""
        select max(n) from (select household_id, count(distinct event_id) n from product.events
        where event_name = 'photo_upload' and household_id not in
          (select metadata->>'household_id' from stripe.customer) group by 1)""").fetchone()[0]
    assert 5 <= most <= 10


REASONS = {
    "null_key",
    "superseded",
    "unknown_household",
    "end_before_start",
    "negative_amount",
    "unknown_status",
    "occurred_after_received",
    "score_out_of_scale",
    "already_referred",
    "bad_value",
}


def test_planted_rows_are_all_listed_and_few(db):
    found = {r[0] for r in db.sql("select distinct reason from truth.bad_rows").fetchall()}
    assert found == REASONS
    share = db.sql(
        "select (select count(*) from truth.bad_rows) / (select count(*) from product.events)"
    ).fetchone()[0]
    assert share < 0.001


@pytest.mark.parametrize(
    "reason,where",
    [
        ("null_key", "product.events where event_id is null"),
        ("null_key", "app.tasks where id is null"),
        ("superseded", "(select id from stripe.charge group by 1 having count(*) > 1)"),
        ("unknown_household", "app.pets anti join app.households h on h.id = household_id"),
        ("end_before_start", "app.household_members where left_at < joined_at"),
        ("end_before_start", "stripe.invoice where period_end < period_start"),
        ("negative_amount", "stripe.charge where amount < 0"),
        ("unknown_status", "stripe.charge where status = 'vanished'"),
        (
            "occurred_after_received",
            "product.events where occurred_at > received_at + interval 24 hour",
        ),
        ("score_out_of_scale", "survey.response where survey_type = 'NPS' and score = 11"),
        ("score_out_of_scale", "survey.response where survey_type = 'CSAT' and score = 0"),
        ("score_out_of_scale", "cs.reviews where rating = 6"),
        ("bad_value", "cs.lifecycle_overrides where stage = 'winning'"),
        (
            "already_referred",
            "(select referred_household_id from cs.referrals where referred_household_id is not null"
            " group by 1 having count(*) > 1)",
        ),
        ("unknown_household", "cs.referrals where referral_code = 'sim_code_none'"),
        ("negative_amount", "cs.credits where amount < 0"),
    ],
)
def test_planted_row(db, reason, where):
    assert db.sql(f"select count(*) from {where}").fetchone()[0] > 0
    assert db.sql(f"select count(*) from truth.bad_rows where reason = '{reason}'").fetchone()[0]


def test_households_refer_themselves(db):
    """By a user of both households, and by the same address with a tag and other letters."""
    shared = db.sql("""
        select count(*), count(*) filter (
            exists (
                select 1 from app.household_members as one
                inner join app.household_members as other using (user_id)
                where one.household_id = referral.referrer_household_id
                    and other.household_id = referral.referred_household_id
            )
        )
        from truth.referrals as referral
        where kind = 'shared_user'
    """).fetchone()
    tagged = db.sql("""
        select count(*), count(*) filter (
            regexp_replace(lower(theirs.email), '[+].*@', '@') = lower(ours.email)
            and theirs.email <> lower(theirs.email)
        )
        from truth.referrals
        inner join app.households as one on referrer_household_id = one.id
        inner join app.households as other on referred_household_id = other.id
        inner join app.users as ours on one.owner_user_id = ours.id
        inner join app.users as theirs on other.owner_user_id = theirs.id
        where kind = 'same_address'
    """).fetchone()
    assert shared[0] == shared[1] > 0 and tagged[0] == tagged[1] > 0


def test_all_moods_are_asked_for_a_review_and_some_give_one_star(db):
    assert db.sql("select count(*) from cs.reviews where rating = 1").fetchone()[0] > 0
    assert db.sql("select count(*) from cs.review_requests").fetchone()[0] > 50
    alone = "cs.reviews as r anti join cs.review_requests as q using (household_id)"
    assert db.sql(f"select count(*) from {alone}").fetchone()[0] > 0
