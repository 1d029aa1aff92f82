"""A build on top of an earlier one gives the same tables as a build from nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from harness import DAY_ONE, DAY_TWO, END, RawFolder, Sandbox, differences

# Scenarios that differ in a few rows only look at what hangs on events and members.
ACTIVITY = "+fct_household_daily +fct_feature_usage +quarantine_product"
COMPARED = [
    "fct_events",
    "fct_household_activity",
    "fct_user_sessions",
    "fct_household_daily",
    "fct_feature_usage",
    "quarantine_product",
]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def a_member(raw: RawFolder) -> dict:
    """Somebody who has been a member all the time and was active in the week before DAY_ONE."""
    return raw.select(f"""
        select e.household_id, e.user_id, m.id as membership
        from product.events as e
        inner join app.household_members as m
            on e.household_id = m.household_id and e.user_id = m.user_id
        inner join app.households as h on e.household_id = h.id
        where m.left_at is null and m.joined_at < timestamp '2026-03-01' and h.closed_at is null
            and e.received_at between date '{DAY_ONE}' - 6 and date '{DAY_ONE}' + 1
        group by all order by count(*) desc, e.user_id limit 1
    """)[0]


def event(raw: RawFolder, event_id: str, occurred: datetime, received: datetime) -> dict:
    """An event of that member."""
    member = a_member(raw)
    return {
        "event_id": event_id,
        "event_name": "app_open",
        "occurred_at": occurred,
        "received_at": received,
        "user_id": member["user_id"],
        "household_id": member["household_id"],
        "_fivetran_synced": received,
    }


# Each scenario: what the raw data was like at DAY_ONE (None: as simulated), and at END.


def late_event(before: RawFolder, after: RawFolder) -> None:
    """An event that is received 40 days after it occurred."""
    day = DAY_ONE - timedelta(days=38)
    after.add("product.events", [event(after, "late", at(day, 3, 33), at(DAY_TWO, 9))])


def late_duplicate(before: RawFolder, after: RawFolder) -> None:
    """Events delivered again after the first build, one of them weeks old."""
    again = after.select(f"""
        from product.events where received_at < date '{DAY_ONE}' and event_id is not null
        order by event_id limit 1
    """) + after.select(f"""
        from product.events where received_at between date '{DAY_ONE}' and date '{DAY_ONE}' + 1
        and event_id is not null order by event_id limit 3
    """)
    moment = at(DAY_TWO, 8)
    after.add("product.events", [row | {"received_at": moment} for row in again])


def midnight(before: RawFolder, after: RawFolder) -> None:
    """A session that runs over the end of DAY_ONE and goes on after it."""
    evening = [
        event(before, f"evening_{minute}", at(DAY_ONE, 23, minute), at(DAY_ONE, 23, minute))
        for minute in (5, 30, 55)
    ]
    morning = [
        event(after, f"morning_{minute}", at(DAY_TWO, 0, minute), at(DAY_TWO, 0, minute))
        for minute in (10, 35)
    ]
    before.add("product.events", evening)
    after.add("product.events", evening + morning)


def retroactive_leaving(before: RawFolder, after: RawFolder) -> None:
    """The new export says that somebody left five days before the first build."""
    membership = a_member(after)["membership"]
    left = f"timestamp '{at(DAY_ONE - timedelta(days=5), 10)}'"
    after.change(
        "app.household_members",
        f"select * replace (case when id = '{membership}' then {left} else left_at end as left_at)"
        " from rows",
    )


def household_known_later(before: RawFolder, after: RawFolder) -> None:
    """Events, members and tasks of a household arrive before its own row."""
    household = a_member(after)["household_id"]
    before.change("app.households", f"select * from rows where id is distinct from '{household}'")


def backfill(before: RawFolder, after: RawFolder) -> None:
    """Rows appear that claim to have been received before the first build."""
    day = DAY_ONE - timedelta(days=12)
    rows = [event(after, f"backfilled_{n}", at(day, 4, n), at(day, 5, n)) for n in range(3)]
    after.add("product.events", rows)


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        late_event,
        late_duplicate,
        midnight,
        retroactive_leaving,
        household_known_later,
        backfill,
    )
}
# Those whose raw data was already other than simulated when the first build ran.
OWN_FIRST_BUILD = {"midnight", "household_known_later"}


def everything_before(before: RawFolder, after: RawFolder) -> None:
    for name in SCENARIOS:
        SCENARIOS[name](before, after)


@pytest.fixture(scope="module", autouse=True)
def scenarios(builds, project, small_raw, tmp_path_factory):
    """Offer the builds of this module and begin with them."""
    base = tmp_path_factory.mktemp("incremental")

    def from_copy(source: str, name: str, *days: date | None, raw=None, **options):
        def make(b) -> Sandbox:
            sandbox = b[source].copy(base / name, raw)
            for day in days:
                sandbox.build(day, **options)
            return sandbox

        builds.offer(name, make)

    from_copy("day_one", "one_two", DAY_TWO)
    from_copy("one_two", "one_two_end", None)
    from_copy("day_one", "one_end", None)
    from_copy("one_two_end", "same_again", None)
    from_copy("one_two", "back_to_one", DAY_ONE)
    from_copy("one_end", "full_refresh", None, full=True, tests=True)

    def make_interrupted(b) -> Sandbox:
        sandbox = b["day_one"].copy(base / "interrupted")
        sandbox.build(DAY_TWO, select="base_product__events+1 +base_product__events")
        return sandbox.build(None)

    builds.offer("interrupted", make_interrupted)

    def offer_scenario(name, change, select):
        def make(b) -> tuple[Sandbox, Sandbox]:
            before = RawFolder.copy_of(small_raw, base / f"{name}_before")
            after = RawFolder.copy_of(small_raw, base / f"{name}_after")
            change(before, after)
            own = name == "everything" or name in OWN_FIRST_BUILD
            if own:
                first = Sandbox(project, base / name, before.folder).build(DAY_ONE, select=select)
                first.read_from(after.folder)
            else:
                first = b["day_one"].copy(base / name, after.folder)
            incremental = first.build(None, select=select)
            whole = b["day_two"].copy(base / f"{name}_whole", after.folder)
            return incremental, whole.build(None, select=select, full=True)

        builds.offer(name, make)

    for name, change in SCENARIOS.items():
        offer_scenario(name, change, ACTIVITY)
    offer_scenario("everything", everything_before, "")
    builds.ahead("day_one", "day_two", "warehouse", "one_two", "one_end", "one_two_end")
    builds.ahead("same_again", "back_to_one", "interrupted", "full_refresh")
    builds.ahead("everything", *SCENARIOS)


def test_the_next_day(builds):
    """One day later, on top: as if built from nothing."""
    assert differences(builds["one_two"].database, builds["day_two"].database) == []


def test_eight_days_at_once(builds, warehouse):
    """A week without a build is made up for."""
    assert differences(builds["one_end"].database, warehouse.database) == []


def test_day_by_day(builds, warehouse):
    """Twice on top."""
    assert differences(builds["one_two_end"].database, warehouse.database) == []


def test_something_happened_meanwhile(builds, warehouse):
    """The comparison can fail: the days do differ."""
    found = differences(builds["day_one"].database, warehouse.database)
    assert any(line.startswith("analytics.fct_household_daily") for line in found)


def test_same_date_again_changes_nothing(builds):
    """The same raw data and as_of_date give the same tables."""
    assert differences(builds["same_again"].database, builds["one_two_end"].database) == []


def test_back_in_time(builds):
    """A build at an earlier date forgets what was not known then."""
    assert differences(builds["back_to_one"].database, builds["day_one"].database) == []


def test_interrupted_build_is_made_up_for(builds, warehouse):
    """A build that only got as far as the raw events, then the next one."""
    assert differences(builds["interrupted"].database, warehouse.database) == []


def test_full_refresh(builds, warehouse):
    """`dbt build --full-refresh` starts over."""
    assert differences(builds["full_refresh"].database, warehouse.database) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_arrives_later(builds, scenario):
    """Each on its own, so that none hides behind the rebuild another sets off."""
    incremental, whole = builds[scenario]
    assert differences(incremental.database, whole.database, tables=COMPARED) == []


def test_everything_that_arrives_later(builds):
    """All at once, and all tables."""
    incremental, whole = builds["everything"]
    assert differences(incremental.database, whole.database) == []


def test_late_event_is_there(builds):
    """On the day on which it occurred."""
    incremental, _ = builds["late_event"]
    day = "select event_date from analytics.fct_events where event_id = 'late'"
    assert incremental.rows(day) == [(DAY_ONE - timedelta(days=38),)]


def test_session_over_midnight_is_one(builds):
    """It belongs to the day of login, whole."""
    incremental, _ = builds["midnight"]
    sessions = incremental.rows(
        "select distinct session_id, cast(login_at as date) from analytics.fct_household_activity "
        "where starts_with(event_id, 'evening') or starts_with(event_id, 'morning')"
    )
    assert len(sessions) == 1 and sessions[0][1] == DAY_ONE


def test_member_who_left_is_gone_from_that_day(builds, small_raw):
    """No activity from the day of leaving on, though it had been built."""
    incremental, _ = builds["retroactive_leaving"]
    user = a_member(RawFolder(small_raw))["user_id"]
    days = f"from analytics.fct_household_activity where user_id = '{user}'"
    later = f" and activity_date >= date '{DAY_ONE - timedelta(days=5)}'"
    assert incremental.value(f"select count(*) {days}") > 0
    assert incremental.value(f"select count(*) {days} {later}") == 0


def test_dates_were_as_meant(builds):
    """The shared builds stand where the tests believe them to."""
    found = [
        builds[name].value("select as_of_date from build.parameters")
        for name in ("day_one", "day_two", "warehouse")
    ]
    assert found == [DAY_ONE, DAY_TWO, END]
