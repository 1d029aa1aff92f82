"""SQL that classifies each raw row: kept, later, duplicate, or quarantined for a reason."""

from __future__ import annotations

from dataclasses import dataclass

from customer_success.recount.reading.contract import (
    DESK_PRIORITY,
    HOLD_UNLINKED,
    LIFECYCLE,
    LINKS,
    RECIPIENTS,
    REVIEW_CADENCE,
    SPELLINGS,
    RawTable,
)
from customer_success.recount.reading.crm import SHOWN, company_home, contact_home
from customer_success.recount.reading.desk import DELETED, ticket_home
from customer_success.recount.reading.growth import REFERRED, REPEATED, referral_home
from customer_success.recount.reading.landing import (
    Landed,
    changed_at,
    identifier,
    row_hash,
    says,
    typed_columns,
    unreadable,
)
from customer_success.sql import sql_text


@dataclass(frozen=True)
class Terms:
    """Parameters of the checks of rows.

    ``end`` is the first moment that is no longer visible, as SQL; ``tolerance_hours`` by how much an event
    may claim to occur after it was received; ``household_keys`` are those of a customer's metadata, in order.
    """

    end: str
    tolerance_hours: int
    household_keys: tuple[str, ...]


def timed_rows(table: RawTable, landed: Landed | None, terms: Terms) -> str:
    """Return a query of all rows, typed, each with its household and whether it is later or unreadable.

    Column ``raw_row`` is the row as it came. Household states are known, later, erased, not_live, deleted and
    unknown; a row is of test mode, or deleted, where its own flag or its parent is.
    """
    relation = landed.relation if landed else "(select null as nothing where false)"
    own_date = f"typed.{identifier(table.own_date)}" if table.own_date else None
    later = f"coalesce({own_date} >= {terms.end}, false)" if own_date else "false"
    if own_date is None and table.household:
        later = "coalesce(home.state = 'later', false)"
    undated = f" or {own_date} is null" if own_date else ""
    household_id, state, joins = _trace(table, terms)
    of_parent = f"or coalesce({state} = '{{}}', false)" if table.household else ""
    named = "" if "household_id" in table.columns else f"{household_id} as household_id,"
    # A company may be known by its domain, whatever it names.
    own = f" replace ({household_id} as household_id)" if table.name == "hubspot.company" else ""
    return f"""
select
    typed.*{own},
    {named}
    {state} as household_state,
    {later} as is_later,
    typed.is_test {of_parent.format("not_live")} as is_not_live,
    typed.is_deleted_itself {GONE.get(table.name, "")} {of_parent.format("deleted")} as is_gone,
    typed.unreadable_moment{undated} as has_bad_moment
from (
    select
    {typed_columns(table, landed)},
    landed as raw_row,
    {unreadable(table, landed, moments=True)} as unreadable_moment,
    {unreadable(table, landed, moments=False)} as has_bad_value,
    {says(landed, ("livemode",), "false")} as is_test,
    {says(landed, ("_fivetran_deleted", "is_deleted"), "true")} as is_deleted_itself,
    {changed_at(landed)} as changed_at
    from {relation} as landed
) as typed
{joins}"""


def _trace(table: RawTable, terms: Terms) -> tuple[str, str, str]:
    """Return the household's id, its state, and the joins that lead there."""
    if table.household is None:
        return "cast(null as varchar)", "'known'", ""
    if isinstance(table.household, str):
        names = f"typed.{identifier(table.household)}"
        if table.household == "metadata":
            names = _named_in(names, terms.household_keys)
        joins = f"left join raw_work.app__households__state as home on {names} = home.key"
        gone = f"case when home.key is null then sha256({names}) end in (from raw_work.erased)"
        state = f"when {gone} then 'erased' else coalesce(home.state, 'unknown') end"
        # A step that concerns no household, such as an escalation to a team, names none.
        nobody = f"when {names} is null then 'known'" if table.name == "cs.deliveries" else ""
        home = names, f"case {nobody} {state}", joins
        return company_home(home) if table.name == "hubspot.company" else home
    if table.name in {"zendesk.ticket", "hubspot.contact"}:
        return ticket_home() if table.name == "zendesk.ticket" else contact_home()
    if table.name == "cs.referrals":
        return referral_home()
    column, parent = table.household
    if table.name in ("stripe.discount", "stripe.subscription_discount"):
        return _trace_discount(table)
    key = f"typed.{identifier(column)}"
    joins = f"left join raw_work.{parent.replace('.', '__')}__state as home on {key} = home.key"
    return "home.household_id", "coalesce(home.state, 'unknown')", joins


def _named_in(metadata: str, keys: tuple[str, ...]) -> str:
    """Return SQL for the first of these keys of a JSON object that has a value."""
    paths = ('$."' + key.replace('"', "") + '"' for key in keys)
    found = [f"json_extract_string({metadata}, {sql_text(path)})" for path in paths]
    values = ", ".join(f"case when trim({value}) <> '' then {value} end" for value in found)
    return f"case when json_valid({metadata}) then coalesce({values}, null) end"


def _trace_discount(table: RawTable) -> tuple[str, str, str]:
    """A discount leads to its subscription, else to its customer; older exports name either by its type."""
    subscription, customer = "typed.subscription_id", "typed.customer_id"
    if "type" in table.columns:
        subscription = (
            f"coalesce({subscription}, case when typed.type = 'subscription' then typed.type_id end)"
        )
        customer = f"coalesce({customer}, case when typed.type = 'customer' then typed.type_id end)"
    states = " union all ".join(
        f"select '{kind}' as kind, * from raw_work.stripe__{name}__state"
        for kind, name in (("subscription", "subscription_history"), ("customer", "customer"))
    )
    joins = f"""left join ({states}) as home
    on home.key = coalesce({subscription}, {customer})
    and home.kind = case when {subscription} is null then 'customer' else 'subscription' end"""
    return "home.household_id", "coalesce(home.state, 'unknown')", joins


def repeated_keys(table: RawTable, timed: str) -> str:
    """Return a query of the keys that several rows have, of those rows that take part."""
    key = ", ".join(map(identifier, table.key))
    there = " and ".join(f"{identifier(column)} is not null" for column in table.key)
    return f"""
select {key} from ({timed}) where {_takes_part(table)} and {there}
group by all having count(*) > 1"""


def _takes_part(table: RawTable) -> str:
    """Return a condition: a row is one of several loads of its key (or deliveries of an event)."""
    if table.name == "product.events":
        return "not is_later and not is_deleted_itself and not has_bad_moment"
    return "not is_test"


def classified_rows(table: RawTable, timed: str, terms: Terms, landed: Landed | None) -> str:
    """Return a query of the rows of ``timed``, each with ``row_class``, ``reason`` and ``row_json``.

    ``is_readable`` says that others may refer to a row, though the source may have deleted it. Of rows with
    one key the one loaded last stays: by its load, by when the source changed it, by the highest MD5. Of
    events it is the one received first. One key in two households collides where rows name their household.
    The first class and the first reason that hold are given. ``row_json`` is there for quarantined rows, but
    not of an erased household.
    """
    columns = ", ".join(map(identifier, table.columns))
    household = "" if "household_id" in table.columns else ", household_id"
    is_event = table.name == "product.events"
    repeated = "place > 1 and found is distinct from 'bad_timestamp' and found is distinct from 'null_key'"
    repeated = f"{repeated} then 'duplicate'" if is_event else "place > 1 then 'superseded'"
    refers = READABLE.get(table.name, "")
    return f"""
with timed as ({timed}),
{_placed(table, landed)},
reasoned as (
    select *, case {_reasons(table, terms)} end as found
    from placed
)
select
    {columns}{household},
    case
        when is_later then 'later'
        when is_not_live then 'not_live'
        when is_gone then 'deleted'
        when {repeated}
        when found is not null then 'quarantined'
        else 'kept'
    end as row_class,
    case when row_class = 'quarantined' then found end as reason,
    case when row_class = 'quarantined' and household_state <> 'erased' then to_json(raw_row) end as row_json,
    row_class in ('kept', 'deleted') and place = 1 and found is null {refers} as is_readable
from reasoned"""


def _placed(table: RawTable, landed: Landed | None) -> str:
    """Return the queries that give each row its place among those of its key, and say whether it collides."""
    key = ", ".join(map(identifier, table.key))
    repeated = f"raw_work.{table.flat_name}__repeated"
    if table.name == "product.events":
        parts, order = f"{key}, {_takes_part(table)}", "received_at nulls last, md5(to_json(raw_row))"
    else:
        parts = f"{key}, home, is_test"
        order = f"{identifier(table.loaded_by)} desc nulls last"
        if "_fivetran_active" in table.columns:
            order += ", _fivetran_active desc nulls last"
        order += ", changed_at desc nulls last"
        order += f", {row_hash(table, landed)} desc"
    home = f"coalesce(household_id, max(household_id) over (partition by {key}))"
    home = home if table.names_its_household else "null::varchar"
    return f"""
housed as (select *, {home} as home from timed semi join {repeated} using ({key})),
numbered as (select *, row_number() over (partition by {parts} order by {order}) as place from housed),
homes as (
    select {key}, count(distinct home) as several from numbered
    where place = 1 and not is_later and not is_test and not is_deleted_itself
    group by all
),
placed as (
    select *, null::varchar as home, 1 as place, false as collides
    from timed anti join {repeated} using ({key})
    union all
    select numbered.*, coalesce(several > 1, false) from numbered left join homes using ({key})
)"""


def _reasons(table: RawTable, terms: Terms) -> str:
    """Return the branches of a CASE, in the order of the definitions."""
    rules = [
        ("has_bad_moment", "bad_timestamp"),
        (" or ".join(f"{identifier(column)} is null" for column in table.key), "null_key"),
        ("collides", "key_collision"),
        ("household_state = 'erased'", "erased_household"),
    ]
    if table.name not in HOLD_UNLINKED:
        rules.append(("household_state <> 'known'", "unknown_household"))
    rules += [(f"{identifier(end)} < {identifier(start)}", "end_before_start") for start, end in table.spans]
    rules += [(f"{identifier(amount)} < 0", "negative_amount") for amount in table.amounts]
    if table.status_column:
        status = identifier(table.status_column)
        known = ", ".join(map(sql_text, table.statuses))
        unknown = f"{table.status_where} and ({status} is null or {status} not in ({known}))"
        rules.append((unknown, "unknown_status"))
    if table.name == "product.events":
        rules.append((f"not ({in_time(terms)})", "occurred_after_received"))
    if table.name == "survey.response":
        rules.append((OFF_SCALE, "score_out_of_scale"))
    if table.name.startswith("survey."):
        rules.append((f"survey_type is null or {_is_no_word('survey_type', 'survey')}", "bad_value"))
    if table.name == "cs.reviews":
        off = "has_bad_value or rating <> floor(rating) or rating not between 1 and 5"
        rules.append((off, "score_out_of_scale"))
    if table.name in UNKNOWN_WORDS:
        rules.append((UNKNOWN_WORDS[table.name], "bad_value"))
    if table.name == "cs.referrals":
        rules.append((REPEATED, "already_referred"))
    if table.name == "zendesk.user":
        rules.append((_is_no_word("role", "desk_role"), "bad_value"))
    if table.name == "zendesk.ticket":
        rules.append((f"priority not in {DESK_PRIORITY}", "bad_value"))
    if table.name == "zendesk.ticket_field_history":
        rules.append((f"field_name = 'priority' and \"value\" not in {DESK_PRIORITY}", "bad_value"))
    rules.append(("has_bad_value", "bad_value"))
    return "\n".join(f"when {condition} then '{reason}'" for condition, reason in rules)


UNKNOWN_WORDS = {
    "cs.lifecycle_overrides": f"stage is null or stage not in {LIFECYCLE}",
    "cs.review_requests": "platform is null",
    "cs.reviews": "platform is null",
    "cs.deliveries": f"survey_type not in {SPELLINGS['survey']}",
    "cs.success_plans": f"review_cadence is null or review_cadence not in {REVIEW_CADENCE}",
}


def _is_no_word(column: str, kind: str) -> str:
    return f"{column} not in ({', '.join(map(sql_text, SPELLINGS[kind]))})"


# The score is the only value of an answer that can be unreadable.
OFF_SCALE = """
    has_bad_value or score <> floor(score) or (score is not null and try_cast(score as integer) is null)
    or (survey_type = 'NPS' and score not between 0 and 10)
    or (survey_type = 'CSAT' and score not between 1 and 5)
"""


def in_time(terms: Terms) -> str:
    """Return a condition: an event does not claim to occur too long after it was received."""
    return f"coalesce(occurred_at <= received_at + interval {terms.tolerance_hours} hour, true)"


# A merged contact has become another one, so nobody refers to it.
READABLE = {"hubspot.contact": "and id not in (select contact_id from raw_work.survivors)"}
# What besides the connector's own marks says that a row is gone.
GONE = DELETED | {"hubspot.contact": "or typed.id in (select contact_id from raw_work.survivors)"}


# Of a ticket whose status or priority is known to have changed later, and not what it was before.
BEFORE_A_CHANGE = {"status": "'new'", "priority": "null"}


def kept_columns(table: RawTable, terms: Terms) -> str:
    """Return the select list of a kept row, what changes after ``as_of_date`` taken out."""
    shown = []
    for column in table.columns:
        name = identifier(column)
        if column in table.until:
            changed = identifier(table.until[column])
            shown.append(f"case when {changed} >= {terms.end} then null else {name} end as {name}")
        elif f"{table.name}.{column}" in SHOWN:
            shown.append(SHOWN[f"{table.name}.{column}"].format(end=terms.end))
        elif f"{table.name}.{column}" == "cs.referrals.referred_household_id":
            shown.append(REFERRED)
        elif column == "region":
            shown.append("min(region) over (partition by lower(region)) as region")
        elif table.name == "zendesk.ticket" and column in BEFORE_A_CHANGE:
            # The desk shows the present value. One that changed later was another before, or has its history.
            changed = f"(select ticket_id from raw_work.changed_later where field_name = '{column}')"
            before = BEFORE_A_CHANGE[column]
            shown.append(f"case when id in {changed} then {before} else {column} end as {column}")
        else:
            shown.append(name)
    if table.name == "product.events":
        # A device's clock may run ahead: nothing happens after it was received.
        shown.append("least(occurred_at, received_at) as event_at")
    if (table.household or table.name == "hubspot.engagement") and "household_id" not in table.columns:
        shown.append("household_id")
    if isinstance(table.household, tuple) and table.household[1] in (LINKS, RECIPIENTS):
        link, state = table.household[0], f"raw_work.{table.household[1].replace('.', '__')}__state"
        shown += [
            f"(select found.{name} from {state} as found where found.key = {link}) as {name}"
            for name in ("company_id", "contact_id")
        ]
    if table.is_referred_to:
        shown.append("row_class = 'deleted' as is_deleted")
    if table.name == "zendesk.ticket":
        shown.append("coalesce(id in (select ticket_id from raw_work.merged_tickets), false) as is_listed")
    return ",\n    ".join(shown)
