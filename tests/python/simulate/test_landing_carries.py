"""What lands says what was simulated: each source is read back into the older shape."""

import pytest
from landed_company import must_be_the_same, standing

BAD = "(select row_key from truth.bad_rows where row_key is not null and reason <> 'superseded')"
# Kinds of subscriptions whose versions or amounts are others than before; the rest are read back unchanged.
OTHER_VERSIONS = """('free_month', 'paused', 'paused_until', 'late_history', 'late_ended', 'seen_late',
    'not_active', 'no_period')"""
SAME_TERMS = "('plain', 'own_price', 'changing')"
VERSION = """id, customer_id, status, current_period_start, current_period_end, cancel_at_period_end,
    canceled_at, ended_at, trial_start, trial_end, _fivetran_start,
    nullif(_fivetran_end, '9999-12-31 23:59:59.999'),
    _fivetran_active"""


def of_kind(kinds: str, column: str = "id") -> str:
    return f"{column} in (select subscription_id from truth.subscriptions where kind in {kinds})"


def test_versions(landed):
    unchanged = f"id in (select subscription_id from truth.subscriptions where kind not in {OTHER_VERSIONS})"
    ours = f"select {VERSION} from ({standing('stripe.subscription_history')}) where {unchanged}"
    theirs = f"select {VERSION} from older_stripe.subscription_history where {unchanged}"
    added = "id in (select subscription_id from truth.subscriptions where kind = 'free_price')"
    must_be_the_same(landed, f"from ({ours}) where not {added}", theirs)
    assert landed.sql(f"select count(*) from ({ours})").fetchone()[0] > 100


def test_prices_and_seats_of_versions_and_of_items(landed):
    own = of_kind("('own_price', 'changing')")
    columns = "id, _fivetran_start, price_id, quantity"
    ours = f"select {columns} from ({standing('stripe.subscription_history')}) where {own}"
    theirs = f"select {columns} from older_stripe.subscription_history where {own}"
    must_be_the_same(landed, ours, theirs)
    plain = of_kind("('plain')", "subscription_id")
    ours = f"select subscription_id, plan_id, quantity from stripe.subscription_item where {plain}"
    theirs = f"""
        select id, any_value(price_id), any_value(quantity) from older_stripe.subscription_history
        where {of_kind("('plain')")} group by id"""
    must_be_the_same(landed, ours, theirs)


def test_most_subscriptions_have_no_price_of_their_own(landed):
    without = landed.sql(
        f"select avg((price_id is null)::int) from ({standing('stripe.subscription_history')})"
    )
    assert 0.6 < without.fetchone()[0] < 0.95


@pytest.mark.parametrize("table", ["invoice", "charge"])
def test_money_of_subscriptions_with_the_same_terms(landed, table):
    columns = {
        "invoice": "id, lower(trim(status)), currency, amount_due, amount_paid, attempt_count, created",
        "charge": "id, status, lower(currency), amount, failure_code, created",
    }[table]
    invoices = f"select id from older_stripe.invoice where {of_kind(SAME_TERMS, 'subscription_id')}"
    of = f"{'id' if table == 'invoice' else 'invoice_id'} in ({invoices})"
    ours = f"select {columns} from ({standing(f'stripe.{table}')}) where {of}"
    theirs = f"select distinct {columns} from older_stripe.{table} where {of} and id not in {BAD}"
    must_be_the_same(landed, ours, theirs)


def test_each_charge_is_of_its_invoice(landed):
    wrong = f"""
        select c.id from ({standing("stripe.charge")}) c
        join ({standing("stripe.invoice")}) i on i.id = c.invoice_id
        where c.amount <> i.amount_due or lower(c.currency) <> lower(i.currency) or i.status = 'void'
           or c.amount_refunded > c.amount"""
    assert landed.sql(wrong).fetchall() == []


@pytest.mark.parametrize("key", ["household_id", "householdId", "external_id"])
def test_customers_name_their_household(landed, key):
    named = (
        f"select id, metadata->>'{key}' as household_id from stripe.customer where household_id is not null"
    )
    wrong = f"select * from ({named}) where id like 'sim_cus%' and right(id, 6) <> right(household_id, 6)"
    assert landed.sql(f"select count(*) from ({named})").fetchone()[0] > 0
    assert landed.sql(wrong).fetchall() == []


MERGED = "(select ticket_id from truth.tickets where is_merged = 'true')"
TICKET = """id, organization_id, requester_id, assignee_id, subject, description, lower(trim(status)), type,
    created_at"""


def test_tickets(landed):
    ours = f"select {TICKET} from ({standing('zendesk.ticket')}) where id not in {MERGED}"
    ours = f"{ours} and status <> 'deleted'"
    theirs = f"select {TICKET} from older_zendesk.ticket where id not in {BAD}"
    must_be_the_same(landed, ours, theirs)


@pytest.mark.parametrize(
    "table,columns,where",
    [
        ("ticket_tag", "ticket_id, tag", "true"),
        (
            "ticket_field_history",
            "ticket_id, field_name, value, updated, user_id",
            "field_name <> 'priority'",
        ),
        ("ticket_comment", "ticket_id, id, body, public, created", "not _fivetran_deleted"),
    ],
)
def test_what_belongs_to_tickets(landed, table, columns, where):
    ours = f"select {columns} from zendesk.{table} where {where} and ticket_id not in {MERGED}"
    theirs = f"select {columns} from older_zendesk.{table}"
    must_be_the_same(landed, ours, theirs)


COMPANY_OF_CONTACT = """
    select c.id, c.property_email, coalesce(l.company_id, c.property_associatedcompanyid) as company_id
    from hubspot.contact c left join hubspot.contact_company l on l.contact_id = c.id
    where c.id not like '%twin%'"""


def test_emails(landed):
    names = "'Newsletter', 'newsletter', 'Care tips', 'care_tips', 'New features', 'new_features'"
    names += ", 'Your renewal', 'renewal_notice', 'We miss you', 'win_back'"
    ours = f"""
        select p.company_id, e.created, map([{names}][1:10:2], [{names}][2:10:2])[k.name] as template,
               case when o.id is not null then 'opened' when l.id is not null then 'clicked' else 'sent' end,
               coalesce(e.sent_by_created, e.created)
        from hubspot.email_event e
        join ({COMPANY_OF_CONTACT}) p on p.property_email = e.recipient
        join hubspot.email_campaign k on k.id = e.email_campaign_id
        left join hubspot.email_event_sent s on s.id = e.id
        left join hubspot.email_event_open o on o.id = e.id
        left join hubspot.email_event_click l on l.id = e.id
        where (s.id is null)::int + (o.id is null)::int + (l.id is null)::int = 2"""
    theirs = """
        select e.company_id, e.occurred_at, e.template, e.event, coalesce(s.occurred_at, e.occurred_at)
        from older_hubspot.engagement e
        left join older_hubspot.engagement s on s.message_id = e.message_id and s.event = 'sent'
        where e.type = 'email'"""
    must_be_the_same(landed, ours, theirs)


def engagements(table: str, more: str) -> str:
    return f"""
        select c.company_id, p.contact_id, {more}
        from hubspot.engagement_{table} t
        join hubspot.engagement e on e.id = t.engagement_id
        join hubspot.engagement_company c on c.engagement_id = t.engagement_id
        left join hubspot.engagement_contact p on p.engagement_id = t.engagement_id
        where not t._fivetran_deleted"""


def older_engagements(kind: str, more: str, event: str = "true") -> str:
    own = f"type = '{kind}' and {event}"
    return f"select company_id, contact_id, {more} from older_hubspot.engagement where {own}"


def test_outreach_and_calls(landed):
    way = (
        "case e.type when 'EMAIL' then 'sent' when 'INCOMING_EMAIL' then 'replied' end, property_hs_timestamp"
    )
    ours, theirs = engagements("email", way), older_engagements("outreach", "event, occurred_at")
    must_be_the_same(landed, ours, theirs)
    ours, theirs = engagements("call", "property_hs_timestamp"), older_engagements("call", "occurred_at")
    must_be_the_same(landed, ours, theirs)


def test_meetings(landed):
    """Attended ones are held: completed, or past without an outcome; others were missed or cancelled."""
    held = "property_hs_timestamp + interval 30 minute"
    ours = (
        engagements("meeting", held)
        + """
        and (property_hs_meeting_outcome is null or property_hs_meeting_outcome = 'COMPLETED')"""
    )
    must_be_the_same(landed, ours, older_engagements("meeting", "occurred_at", "event = 'attended'"))
    ours = engagements("meeting", "property_hs_timestamp") + " and property_hs_meeting_outcome = 'NO_SHOW'"
    missed = (
        older_engagements("meeting", "occurred_at", "event = 'held'")
        + """
        and (company_id, occurred_at + interval 30 minute) not in (
            select (company_id, occurred_at) from older_hubspot.engagement
            where type = 'meeting' and event = 'attended')"""
    )
    must_be_the_same(landed, ours, missed)


def test_companies_and_their_owners(landed):
    ours = f"""
        select c.id, c.property_household_id, h.value, h.timestamp from ({standing("hubspot.company")}) c
        left join (
            from hubspot.company_property_history where name = 'hubspot_owner_id'
            qualify row_number() over (partition by company_id order by timestamp desc) = 1
        ) h on h.company_id = c.id
        where c.property_hubspot_owner_id is not distinct from h.value"""
    theirs = "select id, household_id, owner_id, assigned_at from older_hubspot.company"
    must_be_the_same(landed, ours, theirs)


def test_contacts(landed):
    """Who has left is deleted; the deletion was loaded in the quarter of a day that follows."""
    ours = f"""
        select p.id, p.company_id, p.property_email, lower(c.property_hs_buying_role), c.property_createdate,
               concat_ws(' ', c.property_firstname, nullif(c.property_lastname, '')), c._fivetran_deleted
        from ({COMPANY_OF_CONTACT}) p join hubspot.contact c using (id)
        where p.id in (select id from older_hubspot.contact)"""
    theirs = """
        select id, company_id, email, buying_role, created_at, full_name, left_at is not null
        from older_hubspot.contact"""
    must_be_the_same(landed, ours, theirs)
    late = landed.sql("""
        select max(c._fivetran_synced - o.left_at), min(c._fivetran_synced - o.left_at), count(*)
        from hubspot.contact c join older_hubspot.contact o using (id)
        where o.left_at is not null""").fetchone()
    assert late[2] > 0 and late[0].total_seconds() <= 6 * 3600 and late[1].total_seconds() >= 0


def test_managers(landed):
    ours = """
        select o.owner_id, o.email, o.first_name || ' ' || o.last_name, c.role, c.specialization, c.regions,
               c.portfolio_size
        from hubspot.owner o join cs.csms c using (email)"""
    theirs = (
        "select id, email, full_name, role, specialization, regions, portfolio_size from older_hubspot.owner"
    )
    must_be_the_same(landed, ours, f"{theirs} where email <> 'csm9@petforce.example'")
