"""Broken raw data and the required effects: the table 'Bad input', row by row."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta

import duckdb
import pytest
from harness import (
    DAY_ONE,
    END,
    INCREMENTAL,
    INCREMENTAL_MARTS,
    REPOSITORY,
    RawFolder,
    Sandbox,
    differences,
    occurrences,
)
from recount.raw_tables import candidate

from customer_success.recount.drawn import drawn
from customer_success.recount.model_inputs import CUSTOMERS, SNAPSHOTS, SURVIVAL, wrong_inputs
from customer_success.recount.staging import prove_staging
from customer_success.sql import sql_text

DATED = {  # the date by which a row is later than as_of_date
    "app.households": "created_at",
    "app.users": "created_at",
    "app.household_members": "joined_at",
    "app.pets": "added_at",
    "app.feature_settings": "changed_at",
    "app.tasks": "created_at",
    "product.events": "received_at",
    "stripe.customer": "created",
    "stripe.subscription_history": "_fivetran_start",
    "stripe.invoice": "created",
    "stripe.charge": "created",
    "stripe.refund": "created",
    "zendesk.ticket": "created_at",
    "zendesk.ticket_field_history": "updated",
    "zendesk.ticket_comment": "created",
    "survey.invitation": "sent_at",
    "survey.response": "responded_at",
    "hubspot.contact": "created_at",
    "hubspot.engagement": "occurred_at",
    "cs.check_ins": "check_in_at",
}
# Tables without a date of their own: a row is later when its parent is.
HANGING = {
    "zendesk.organization": ("external_id", "app.households"),
    "hubspot.company": ("household_id", "app.households"),
    "zendesk.ticket_tag": ("ticket_id", "zendesk.ticket"),
}
ALL_TABLES = sorted([
    *DATED, "meta.dataset", "stripe.product", "stripe.price", "zendesk.organization",
    "zendesk.user", "zendesk.ticket_tag", "hubspot.owner", "hubspot.company",
])  # fmt: skip
LATER = datetime(END.year, END.month, END.day) + timedelta(days=1, hours=2)
EARLY = datetime(2026, 3, 1, 12)

HOSTILE = [
    'O\'Brien "the" \\ ; drop table analytics.fct_events; --',
    "two\nlines\r\nand a\ttab",
    "emoji 🐶🏳️‍🌈",
    "right-to-left \u202etxt.exe\u202c \u200f",
    "{{ 1 / 0 }} {% do raise %} {# gone #} ${jndi:x} %s {0}",
    "<script>alert('x')</script>&amp;",
    '=HYPERLINK("http://x","y")',
    "  spaces kept, null, NULL, \\N  ",
]

# (table, reason, what makes a valid row bad); the twin is the same row left valid.
DEFECTS = [
    ("app.pets", "null_key", {"id": None}),
    ("product.events", "null_key", {"event_id": None}),
    ("app.tasks", "unknown_household", {"household_id": "hh_that_never_was"}),
    ("cs.check_ins", "unknown_household", {"household_id": None}),
    ("product.events", "unknown_household", {"household_id": "hh_that_never_was"}),
    ("stripe.charge", "unknown_household", {"customer_id": "cus_that_never_was"}),
    ("app.household_members", "end_before_start", {"left_at": EARLY - timedelta(seconds=1)}),
    ("hubspot.contact", "end_before_start", {"left_at": EARLY - timedelta(days=1)}),
    ("app.tasks", "end_before_start", {"completed_at": EARLY - timedelta(days=1)}),
    ("stripe.charge", "negative_amount", {"amount": -1}),
    ("stripe.invoice", "negative_amount", {"amount_paid": -1}),
    ("stripe.refund", "negative_amount", {"amount": -1}),
    ("zendesk.ticket", "unknown_status", {"status": "lost"}),
    ("stripe.charge", "unknown_status", {"status": None}),
    ("stripe.subscription_history", "unknown_status", {"status": "dormant"}),
    ("product.events", "occurred_after_received", {"occurred_at": EARLY + timedelta(hours=25)}),
    ("survey.response", "score_out_of_scale", {"survey_type": "NPS", "score": 11}),
    ("survey.response", "score_out_of_scale", {"survey_type": "NPS", "score": -1}),
    ("survey.response", "score_out_of_scale", {"survey_type": "CSAT", "score": 0}),
    ("survey.response", "score_out_of_scale", {"survey_type": "CSAT", "score": 6}),
    # Two reasons hold: the first of the list is named.
    ("survey.response", "unknown_household", {"household_id": "hh_nobody", "score": 99}),
    ("stripe.charge", "negative_amount", {"amount": -1, "currency": "eur", "status": "?"}),
]
TWINS = {  # where the valid twin shows
    "product.events": "fct_events.event_id",
    "app.household_members": "dim_members.member_id",
    "stripe.charge": "fct_payments.charge_id",
    "zendesk.ticket": "fct_support_tickets.ticket_id",
    "survey.response": "fct_nps_surveys.response_id",
}


def _key(table: str) -> str:
    return "event_id" if table == "product.events" else "id"


def _defect_name(number: int) -> str:
    table, reason, _ = DEFECTS[number]
    return f"{number:02d}_{table}_{reason}"


class Planter:
    """Plants rows: copies of a good row of a household that has everything."""

    def __init__(self, raw: RawFolder):
        self.raw = raw
        self.planted: dict[str, list[dict]] = {}
        self.household = busiest_household(raw)

    def template(self, table: str) -> dict:
        """A valid row of the table for the household, dated EARLY."""
        hh = self.household
        customer = f"(select id from stripe.customer where contains(metadata, '\"{hh}\"'))"
        company = f"(select id from hubspot.company where household_id = '{hh}')"
        where = {
            "stripe.charge": f"customer_id in {customer} and status = 'succeeded' and amount > 0",
            "stripe.invoice": f"customer_id in {customer} and amount_due > 0",
            "stripe.subscription_history": f"customer_id in {customer} and status = 'active'",
            "stripe.refund": "amount > 0 and status = 'succeeded'",
            "zendesk.ticket": f"organization_id in (select id from zendesk.organization "
            f"where external_id = '{hh}') and status = 'closed'",
            "survey.response": "survey_type = 'NPS' and score between 0 and 10",
            "hubspot.contact": f"company_id in {company} or true",
        }.get(table, f"household_id = '{hh}'")
        key = _key(table)
        rows = self.raw.select(f"from {table} where ({where}) and {key} is not null order by {key}")
        row = {**rows[0], DATED[table]: EARLY}
        household = {"household_id": hh} if "household_id" in row else {}
        known = {
            "app.household_members": {"left_at": None},
            "app.tasks": {"completed_at": None, "deleted_at": None},
            "product.events": {"occurred_at": EARLY},
            "hubspot.contact": {"left_at": None},
            "stripe.subscription_history": {
                "_fivetran_end": None,
                "trial_start": None,
                "trial_end": None,
            },
            "stripe.invoice": {
                "period_start": EARLY,
                "period_end": EARLY + timedelta(days=30),
                "status": "paid",
                "currency": "usd",
            },
        }
        return row | household | known.get(table, {})

    def add(self, table: str, row_id: str | None, **changes) -> None:
        key = _key(table)
        row = {**self.template(table), key: row_id, **changes}
        self.planted.setdefault(table, []).append(row)

    def plant(self) -> None:
        for table, rows in self.planted.items():
            self.raw.add(table, rows)


def busiest_household(raw: RawFolder) -> str:
    """The open household with most tickets, of those that pay and have a company and check-ins."""
    return raw.select("""
        select h.id from app.households as h
        inner join zendesk.organization as o on h.id = o.external_id
        inner join zendesk.ticket as t on o.id = t.organization_id
        inner join hubspot.company as k on h.id = k.household_id
        inner join cs.check_ins as c on h.id = c.household_id
        inner join stripe.customer as s on contains(s.metadata, '"' || h.id || '"')
        inner join stripe.subscription_history as v on s.id = v.customer_id and v.status = 'active'
        where h.closed_at is null and h.created_at < timestamp '2026-02-01'
        group by h.id order by count(distinct t.id) desc, h.id limit 1
    """)[0]["id"]


def make_planted(project, base, small_raw) -> Sandbox:
    """One build of raw data into which every kind of bad row has been put."""
    raw = RawFolder.copy_of(small_raw, base / "planted_raw")
    planter = Planter(raw)
    for number, (table, _, changes) in enumerate(DEFECTS):
        planter.add(table, f"twin_{number:02d}")
        bad = {_key(table): f"bad_{number:02d}", **changes}
        if bad[_key(table)] is None:  # without a key the row is known by another column
            bad["page" if table == "product.events" else "name"] = f"bad_{number:02d}"
        planter.add(table, bad.pop(_key(table)), **bad)

    # The same key twice, not the same row: the one that was loaded last stands.
    planter.add("survey.response", "twice_1", comment="first", _fivetran_synced=EARLY)
    later = EARLY + timedelta(days=1)
    planter.add("survey.response", "twice_1", comment="second", _fivetran_synced=later)

    # The rows of a household in quarantine are in quarantine too.
    household = raw.select(f"from app.households where id = '{planter.household}'")[0]
    gone = {"id": "bad_hh", "created_at": EARLY, "closed_at": EARLY - timedelta(days=1)}
    raw.add("app.households", [{**household, **gone}])
    planter.add("app.household_members", "bad_member", household_id="bad_hh")
    planter.add("product.events", "bad_event", household_id="bad_hh")
    customer = raw.select("from stripe.customer limit 1")[0]
    raw.add(
        "stripe.customer",
        [{**customer, "id": "bad_cus", "created": EARLY, "metadata": '{"household_id": "bad_hh"}'}],
    )
    planter.add("stripe.charge", "bad_charge", customer_id="bad_cus")

    # Clocks, duplicates, and what is later than as_of_date (broken or not).
    planter.add("product.events", "skewed", occurred_at=EARLY + timedelta(hours=23, minutes=59))
    for received in (EARLY + timedelta(hours=3), EARLY + timedelta(hours=1), EARLY):
        planter.add("product.events", "thrice", occurred_at=EARLY, received_at=received)
    planter.add("product.events", "thrice", occurred_at=EARLY, received_at=EARLY)
    planter.add("product.events", "later_event", received_at=LATER, occurred_at=EARLY)
    planter.add("product.events", "later_bad", received_at=LATER, household_id="nobody")
    planter.add("survey.response", "later_score", responded_at=LATER, score=99)
    planter.add("stripe.charge", "later_charge", created=LATER)
    planter.add("zendesk.ticket", "later_ticket", created_at=LATER)

    for number, text in enumerate(HOSTILE):
        planter.add("survey.response", f"hostile_{number}", survey_type="NPS", comment=text)
        planter.add("zendesk.ticket", f"hostile_{number}", subject=text, description=text)
        planter.add("product.events", f"hostile_{number}", event_name=text, page=text)
        planter.add("product.events", f"id {text}", feature_name=text, event_name="feature_used")
    planter.plant()
    names = raw.select("select id from app.households where id <> 'bad_hh' order by id limit 8")
    for row, text in zip(names, HOSTILE, strict=True):
        quoted = text.replace("'", "''")
        name = f"case id when '{row['id']}' then '{quoted}' else name end as name"
        raw.change("app.households", f"select * replace ({name}) from rows")

    # Parquet has no timestamps that do not parse; CSV has.
    raw.to_csv("cs.check_ins", "app.feature_settings")
    for table, good, bad in (
        ("cs.check_ins", "2026-03-01 12:00:00", "the day after tomorrow"),
        ("app.feature_settings", "2026-03-01T12:00:00", "2026-02-30 00:00:00"),
    ):
        path = raw.path(table, "csv")
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        with path.open("a", encoding="utf-8") as lines:
            for key, moment in (("twin_ts", good), ("bad_ts", bad)):
                row = {
                    "id": key,
                    "household_id": planter.household,
                    DATED[table]: moment,
                    "feature_name": "reminders",
                    "is_enabled": "true",
                }
                lines.write(",".join(row.get(column, "") for column in header) + "\n")
    return Sandbox(project, base / "planted", raw.folder).build()


def make_csv(project, base, small_raw) -> Sandbox:
    """The small company with every table as CSV: what reads the files, nothing after it."""
    raw = RawFolder.copy_of(small_raw, base / "csv_raw")
    raw.to_csv(*raw.tables())
    return Sandbox(project, base / "csv", raw.folder).build(select="+staging quarantine")


# Marts with columns of care tasks, and marts without.
WITHOUT_TASKS = ("fct_household_daily", "fct_churn_events", "fct_payments", "fct_support_tickets")


def _without(name: str, *prefixes: str, keep: tuple[str, ...] = (), tests: bool = True, select: str = ""):
    """A maker of a build without the tables that begin so; dbt's own tests must pass as well."""

    def make(project, base, small_raw) -> Sandbox:
        raw = RawFolder.copy_of(small_raw, base / f"{name}_raw")
        raw.remove(*[t for t in raw.tables() if t.startswith(prefixes) and t not in keep])
        if keep:  # the minimum: without the optional columns as well
            raw.change("app.households", "select * exclude (acquisition_channel) from rows")
            optional = "pet_id, feature_name, task_id, page, _fivetran_synced"
            raw.change("product.events", f"select * exclude ({optional}) from rows")
        # Without events as_of_date would be found elsewhere, so it is given.
        as_of = None if raw.path("product.events").exists() else DAY_ONE
        return Sandbox(project, base / name, raw.folder).build(as_of, tests=tests, select=select)

    return make


def make_erased(project, base, small_raw, builds) -> Sandbox:
    """The next build after a household has been deleted at the source."""
    raw = RawFolder.copy_of(small_raw, base / "erased_raw")
    household = busiest_household(raw)
    raw.change("app.households", f"select * from rows where id is distinct from '{household}'")
    return builds["warehouse"].copy(base / "erased", raw.folder).build()


def make_restored(project, base, small_raw, builds) -> Sandbox:
    """The build after that, when the deletion turned out to be a mistake."""
    return builds["erased"].copy(base / "restored", small_raw).build(select=INCREMENTAL)


def offer_builds(builds, project, small_raw, tmp_path_factory) -> list[str]:
    """Offer the builds of this module; return those to begin with, in order."""
    base = tmp_path_factory.mktemp("bad_input")
    makers = {
        "planted": make_planted,
        "csv": make_csv,
        "no_stripe": _without("no_stripe", "stripe.", tests=False),
        "no_events": _without("no_events", "product.", tests=False),
        "no_tasks": _without(
            "no_tasks", "app.tasks", tests=False, select=" ".join(f"+{mart}" for mart in WITHOUT_TASKS)
        ),
        "least": _without("least", "", keep=("app.households", "product.events")),
    }
    for name, make in makers.items():
        builds.offer(name, lambda _, make=make: make(project, base, small_raw))
    builds.offer("erased", lambda b: make_erased(project, base, small_raw, b))
    builds.offer("restored", lambda b: make_restored(project, base, small_raw, b))
    # The last waits for the first.
    return ["erased", *makers, "restored"]


# --- rows 1: defects that stop the build ------------------------------------------------------------


def _truncate(raw: RawFolder) -> None:
    path = raw.path("survey.response")
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])


def _garble_gzip(raw: RawFolder) -> None:
    raw.to_csv("stripe.charge")
    plain = raw.path("stripe.charge", "csv")
    packed = gzip.compress(plain.read_bytes())
    plain.unlink()
    raw.path("stripe.charge", "csv.gz").write_bytes(packed[: len(packed) * 2 // 3])


def _empty_csv(raw: RawFolder) -> None:
    raw.remove("zendesk.ticket")
    raw.path("zendesk.ticket", "csv").write_text("", encoding="utf-8")


def _drop_column(raw: RawFolder) -> None:
    raw.change("app.tasks", "select * exclude (due_at) from rows")


def _text_for_scores(raw: RawFolder) -> None:
    raw.change("survey.response", "select * replace ('n/a' as score) from rows", retype=True)


def _words_for_dates(raw: RawFolder) -> None:
    soon = "select * replace ('soon' as occurred_at) from rows"
    raw.change("hubspot.engagement", soon, retype=True)
    raw.to_csv("hubspot.engagement")


BREAKAGES = {
    "truncated_parquet": (_truncate, ["survey.response", "survey/response.parquet", "readable"]),
    "truncated_gzip": (_garble_gzip, ["stripe.charge", "stripe/charge.csv.gz", "readable"]),
    "empty_csv": (_empty_csv, ["zendesk.ticket", "zendesk/ticket.csv"]),
    "missing_column": (_drop_column, ["app.tasks.due_at", "app/tasks.parquet", "missing"]),
    "uncastable_number": (_text_for_scores, ["survey.response.score", "survey/response.parquet"]),
    "uncastable_date": (
        _words_for_dates,
        ["hubspot.engagement.occurred_at", "hubspot/engagement.csv"],
    ),
}


# No model ran; a mart of each kind of source shows it.
AS_THEY_WERE = ("fct_events", "fct_payments", "fct_support_tickets", "fct_nps_surveys", "quarantine_app")


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_build_stops_before_the_first_model(breakage, warehouse, small_raw, tmp_path):
    """One message names source, table, column and file; the tables stay as they were."""
    spoil, named = BREAKAGES[breakage]
    raw = RawFolder.copy_of(small_raw, tmp_path / "raw")
    spoil(raw)
    sandbox = warehouse.copy(tmp_path / "sandbox", raw.folder)
    run = sandbox.dbt("--no-write-json", "build")
    assert run.exit_code != 0
    assert not any(f" START {kind} " in run.output for kind in ("seed", "sql", "python"))
    messages = [line for line in run.output.splitlines() if all(part in line for part in named)]
    assert messages, f"no line names {named}:\n{run.output[-3000:]}"
    assert "Traceback" not in run.output and "Internal Error" not in run.output
    assert differences(sandbox.database, warehouse.database, tables=AS_THEY_WERE) == []


# --- rows 2: single rows ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def planted(builds) -> Sandbox:
    return builds["planted"]


def _quarantined(sandbox: Sandbox, source: str, condition: str) -> list[tuple]:
    return sandbox.rows(
        "select source_name, table_name, row_key, reason, row_json from "
        f"quarantine.quarantine_{source} where {condition}"
    )


@pytest.mark.parametrize("number", range(len(DEFECTS)), ids=_defect_name)
def test_bad_row_is_in_quarantine(planted, number):
    """With its source, table, key, the first reason that holds, and the row as JSON."""
    table, reason, changes = DEFECTS[number]
    source, name = table.split(".")
    found = _quarantined(planted, source, f"contains(row_json, 'bad_{number:02d}')")
    assert [row[:2] + row[3:4] for row in found] == [(source, name, reason)]
    if changes.get(_key(table), "") is not None:
        assert found[0][2].split("|")[0] == f"bad_{number:02d}"
    assert f"bad_{number:02d}" in found[0][4]


@pytest.mark.parametrize(
    "number", [n for n in range(len(DEFECTS)) if DEFECTS[n][0] in TWINS], ids=_defect_name
)
def test_valid_twin_passes(planted, number):
    """The same row without the defect is in its mart, once."""
    mart, column = TWINS[DEFECTS[number][0]].split(".")
    count = f"select count(*) from analytics.{mart} where {column} = 'twin_{number:02d}'"
    assert planted.value(count) == 1


@pytest.mark.parametrize("number", range(len(DEFECTS)), ids=_defect_name)
def test_valid_twin_is_staged(planted, number):
    """It is in staging, and not in quarantine."""
    source, name = DEFECTS[number][0].split(".")
    key = _key(DEFECTS[number][0])
    found = planted.rows(
        f"select quarantine_reason from staging.base_{source}__{name} where {key} = 'twin_{number:02d}'"
    )
    assert found == [(None,)]


def test_no_bad_row_is_in_a_mart(planted):
    """No value in the marts begins with bad_."""
    assert occurrences(planted.database, "bad_", ["analytics"]) == {}


@pytest.mark.parametrize("table", ["cs.check_ins", "app.feature_settings"])
def test_timestamp_that_does_not_parse(planted, table):
    """Seen where the file is CSV; a twin with a good timestamp passes."""
    source, name = table.split(".")
    found = _quarantined(planted, source, "row_key in ('bad_ts', 'twin_ts')")
    assert [row[:4] for row in found] == [(source, name, "bad_ts", "bad_timestamp")]
    staged = f"select count(*) from staging.base_{source}__{name} where id = 'twin_ts'"
    assert planted.value(staged + " and row_class = 'staged'") == 1


def test_a_row_loaded_twice(planted):
    """The last load stands, the other is superseded and not in quarantine."""
    kept = "select nps_comment from analytics.fct_nps_surveys where response_id = 'twice_1'"
    assert planted.rows(kept) == [("second",)]
    assert _quarantined(planted, "survey", "row_key = 'twice_1'") == []
    classes = "select comment, row_class from staging.base_survey__response where id = 'twice_1'"
    assert sorted(planted.rows(classes)) == [("first", "superseded"), ("second", "staged")]


def test_household_in_quarantine_takes_its_rows_with_it(planted):
    """Members, events and, through the customer, charges: all unknown_household."""
    reasons = {
        row[2]: row[3]
        for source in ("app", "product", "stripe")
        for row in _quarantined(
            planted,
            source,
            "row_key in ('bad_hh', 'bad_member', 'bad_event', 'bad_cus', 'bad_charge')",
        )
    }
    assert reasons == {
        "bad_hh": "end_before_start",
        "bad_member": "unknown_household",
        "bad_event": "unknown_household",
        "bad_cus": "unknown_household",
        "bad_charge": "unknown_household",
    }


@pytest.mark.parametrize("table", ALL_TABLES)
def test_counts_reconcile(planted, table):
    """Raw = staged + quarantined + duplicates + superseded + later than as_of_date."""
    source, name = table.split(".")
    end = f"(date '{END}' + 1)"
    if table in DATED:
        later = f"coalesce(try_cast({DATED[table]} as timestamp) >= {end}, false)"
    else:
        column, parent = HANGING.get(table, ("null", "app.households"))
        later = f"{column} in (select id from raw_{parent} where created_at >= {end})"
    raw, hidden = planted.rows(f"select count(*), count(*) filter ({later}) from raw_{source}.{name}")[0]
    model = f"staging.base_{source}__{name}"
    staged, superseded = planted.rows(
        "select count(*) filter (row_class = 'staged'), count(*) filter (row_class = 'superseded')"
        f" from {model}"
    )[0]
    duplicates = 0
    if table == "product.events":  # counted at the source: deliveries after the first of an event
        duplicates = planted.value(
            f"select count(event_id) - count(distinct event_id) from raw_product.events where not ({later})"
        )
    quarantined = len(_quarantined(planted, source, f"table_name = '{name}'"))
    assert raw == staged + quarantined + duplicates + superseded + hidden, (
        f"{table}: {raw} raw rows, {staged} staged, {quarantined} quarantined, "
        f"{duplicates} duplicates, {superseded} superseded, {hidden} later"
    )


def test_clock_skew_below_a_day(planted):
    """Such an event counts at its receipt."""
    event = "select event_at, event_date from analytics.fct_events where event_id = 'skewed'"
    assert planted.rows(event) == [(EARLY, EARLY.date())]


@pytest.mark.parametrize("name", ["planted", "csv", "no_stripe", "no_events", "least", "erased"])
def test_staging_has_the_values_of_raw(builds, name):
    """A second reading of the same files gives the same rows and values: no false alarm."""
    sandbox = builds[name]
    raw = (sandbox.folder / "data" / "raw").resolve()
    assert prove_staging(candidate(sandbox.database, sandbox.ledger, raw)) == []


# --- row 3: duplicates -----------------------------------------------------------------------


def test_duplicates_of_an_event(planted):
    """The lowest received_at stays, the others are counted, none is in quarantine."""
    kept = "select received_at from analytics.fct_events where event_id = 'thrice'"
    assert planted.rows(kept) == [(EARLY,)]
    counted = "select count(*) from staging.base_product__events where event_id = 'thrice'"
    assert planted.value(counted + " and row_class = 'duplicate'") == 3
    assert _quarantined(planted, "product", "row_key = 'thrice'") == []


# --- row 4: later rows -----------------------------------------------------------------------


def test_later_rows_are_neither_visible_nor_quarantined(planted):
    """Also not the defective ones."""
    assert occurrences(planted.database, "later_") == {}
    assert planted.value("select as_of_date from build.parameters") == END


# --- row 5: hostile text ---------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(HOSTILE)))
@pytest.mark.parametrize(
    ("mart", "key", "column"),
    [
        ("fct_nps_surveys", "response_id", "nps_comment"),
        ("fct_support_tickets", "ticket_id", "issue_title"),
        ("fct_events", "event_id", "event"),
        ("fct_events", "event_id", "page"),
        ("fct_household_activity", "event_id", "event_type"),
    ],
)
def test_hostile_text_is_kept(planted, number, mart, key, column):
    """As data, unchanged."""
    sql = f"select {column} from analytics.{mart} where {key} = 'hostile_{number}'"
    assert planted.rows(sql) == [(HOSTILE[number],)]


def test_hostile_names_and_keys_are_kept(planted):
    """Household names, event ids and feature names too."""
    names = planted.rows("select household_name from analytics.dim_households")
    assert {name for (name,) in names} >= set(HOSTILE)
    uses = planted.rows(
        "select event_id, feature_name from analytics.fct_feature_usage where starts_with(event_id, 'id ')"
    )
    assert sorted(uses) == sorted((f"id {text}", text) for text in HOSTILE)


# --- absent tables ---------------------------------------------------------------------------


def _nulls(sandbox: Sandbox, mart: str, *columns: str) -> None:
    """The mart has rows, and none of them a value in these columns."""
    known = ", ".join(f"count({column})" for column in columns)
    rows, *counts = sandbox.rows(f"select count(*), {known} from analytics.{mart}")[0]
    assert rows > 0
    assert dict(zip(columns, counts, strict=True)) == dict.fromkeys(columns, 0)


def _empty(sandbox: Sandbox, *marts: str) -> None:
    counts = {m: sandbox.value(f"select count(*) from analytics.{m}") for m in marts}
    assert counts == dict.fromkeys(marts, 0)


def test_without_stripe(builds, warehouse):
    """Plan, MRR and payment are unknown, not Free and 0; churn goes by closing and activity."""
    sandbox = builds["no_stripe"]
    unknown = ("plan_type", "mrr", "payment_status", "next_billing_date", "initial_plan_type")
    _nulls(sandbox, "dim_households", *unknown)
    _nulls(sandbox, "fct_churn_events", "plan_before", "mrr_lost", "was_paying_90d_before")
    _empty(sandbox, "dim_subscriptions", "fct_payments", "fct_subscription_changes")
    _empty(sandbox, "fct_mrr_movements")
    types = sandbox.rows("select distinct churn_type from analytics.fct_churn_events")
    assert {name for (name,) in types} <= {"closed", "dark"}
    same = ["fct_events", "fct_household_daily", "fct_user_sessions", "fct_support_tickets"]
    assert differences(sandbox.database, warehouse.database, schemas=["analytics"], tables=same) == []


def test_without_events(builds):
    """Activity is unknown: no household has churned for silence, only by closing and by the end of paying."""
    sandbox = builds["no_events"]
    _nulls(sandbox, "dim_households", "photos_uploaded_count", "premium_features_adopted_first_30d")
    _empty(sandbox, "fct_events", "fct_household_activity", "fct_household_daily")
    _empty(sandbox, "fct_user_sessions", "fct_feature_usage")
    types = sandbox.rows("select distinct churn_type from analytics.fct_churn_events order by churn_type")
    assert types == [("closed",), ("lapsed",)]
    same = ["dim_subscriptions", "fct_payments", "fct_mrr_movements", "fct_nps_surveys"]
    assert differences(sandbox.database, builds["day_one"].database, schemas=["analytics"], tables=same) == []


def test_without_tasks(builds, warehouse):
    """Care tasks are unknown; everything else is unchanged."""
    sandbox = builds["no_tasks"]
    _nulls(sandbox, "fct_household_daily", "care_tasks_due", "care_tasks_on_time")
    assert (
        differences(
            sandbox.database,
            warehouse.database,
            schemas=["analytics"],
            tables=WITHOUT_TASKS,
            without=["care_tasks_due", "care_tasks_on_time"],
        )
        == []
    )


def test_with_households_and_events_only(builds):
    """The minimum, optional columns missing too: builds, tests passed, all unknown."""
    sandbox = builds["least"]
    _nulls(
        sandbox,
        "dim_households",
        *("owner_name", "acquisition_channel", "plan_type", "mrr", "payment_status"),
        *("member_count", "active_pet_count", "reminders_enabled", "csm_owner_id"),
        *("initial_pets_count", "initial_members_count"),
    )
    _nulls(sandbox, "fct_events", "pet_id", "feature_name", "task_id", "page")
    _empty(sandbox, "dim_members", "dim_csms", "fct_support_tickets", "fct_nps_surveys")
    _empty(sandbox, "fct_csat_responses", "fct_survey_invitations", "fct_payments")
    # Whose events count is unknown without members, so silence is unknown as well.
    types = sandbox.rows("select distinct churn_type from analytics.fct_churn_events")
    assert types == [("closed",)]


# --- CSV -------------------------------------------------------------------------------------


def test_csv_gives_the_same_tables(builds, warehouse):
    """Text files are cast to the same values; only the JSON of a row as it came shows its text."""
    checked_models = [
        file.stem for file in (REPOSITORY / "models").rglob("*.sql") if file.stem.startswith("base_")
    ]
    checked_models += [file.stem for file in (REPOSITORY / "models" / "quarantine").glob("*.sql")]
    read = {
        "schemas": ["staging", "quarantine"],
        "tables": checked_models,
        "without": ["row_json", "raw_json"],
    }
    assert differences(builds["csv"].database, warehouse.database, **read) == []


# --- erasure ---------------------------------------------------------------------------------


def test_erased_household_is_nowhere(builds, warehouse, small_raw):
    """No mart, quarantine table or ledger has its id."""
    household = busiest_household(RawFolder(small_raw))
    assert occurrences(warehouse.database, household, ["analytics"])
    assert occurrences(builds["erased"].database, household) == {}
    assert occurrences(builds["erased"].ledger, household, ["ledger"]) == {}


def test_erased_rows_are_counted_without_their_content(builds, small_raw):
    """Every row of the household is in quarantine, reason erased_household."""
    raw = RawFolder(small_raw)
    household = busiest_household(raw)
    end = f"date '{END}' + 1"
    customers = f"(select id from stripe.customer where contains(metadata, '\"{household}\"'))"
    tickets = f"""(select t.id from zendesk.ticket as t inner join zendesk.organization as o
        on t.organization_id = o.id where o.external_id = '{household}')"""
    expected = {
        "product.events": f"household_id = '{household}' and received_at < {end}",
        "app.pets": f"household_id = '{household}' and added_at < {end}",
        "stripe.charge": f"customer_id in {customers} and created < {end}",
        "zendesk.ticket_comment": f"ticket_id in {tickets} and created < {end}",
    }
    for table, condition in expected.items():
        source, name = table.split(".")
        key = _key(table)
        count = raw.select(f"select count(distinct {key}) as n from {table} where {condition}")
        found = _quarantined(builds["erased"], source, f"table_name = '{name}'")
        erased = [row for row in found if row[3] == "erased_household"]
        assert len(erased) == count[0]["n"] > 0, table
        assert {row[4] for row in erased} == {None}, table


def test_erased_household_that_comes_back(builds, warehouse):
    """It is known again, and incremental models are as if it had never been erased."""
    found = differences(builds["restored"].database, warehouse.database, tables=INCREMENTAL_MARTS)
    assert found == []


@pytest.mark.parametrize("name", ["no_stripe", "no_events", "least"])
def test_inputs_of_models_are_recounted_without_a_source(builds, name):
    """What an absent source leaves unknown is unknown in the recount too; a 0 in its place is found."""
    sandbox = builds[name]
    raw = (sandbox.folder / "data" / "raw").resolve()
    checked = candidate(sandbox.database, sandbox.ledger, raw)
    column = {"no_stripe": "failed_charges_90d", "no_events": "new_features_adopted_90d"}.get(name, "members")
    with duckdb.connect() as connection, drawn(checked) as found:
        connection.execute(f"attach {sql_text(sandbox.database)} as built (read_only)")
        connection.execute("create schema intermediate; set timezone = 'UTC'")
        for table in (SURVIVAL, CUSTOMERS, SNAPSHOTS):
            connection.execute(f"create table intermediate.{table} as from built.intermediate.{table}")
        world = found.world.of([*found.sample.scored, *found.survivors])
        assert wrong_inputs(connection, world) == []
        connection.execute(f"update intermediate.{CUSTOMERS} set {column} = 0")
        assert [table for table, _ in wrong_inputs(connection, world)] == [CUSTOMERS]
