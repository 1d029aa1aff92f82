"""A build on top of an earlier one gives the same tables as a build from nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from harness import DAY_ONE, END, INCREMENTAL, INCREMENTAL_MARTS, REPOSITORY, RawFolder, Sandbox, differences

DAY_TWO = DAY_ONE + timedelta(days=1)
# Scenarios with few changed rows build only the models downstream of events and members.
ACTIVITY = "+fct_household_daily +fct_feature_usage +fct_events +quarantine_product"
# Models of score dates, of which the oldest leave the published history.
SCORED = "+fct_health_scores +fct_churn_risk"
COMPARED = [
    "fct_events",
    "fct_household_activity",
    "fct_user_sessions",
    "fct_household_daily",
    "fct_feature_usage",
    "quarantine_product",
]
# The list of stages, and what nothing of these eight days changes in the small company.
UNCHANGED = {
    *("dim_lifecycle_stages", "rpt_renewal_forecast", "dim_advocates"),
    *("rpt_referral_leaderboard", "rpt_comment_keywords"),
}
# Marts of journeys, voice and growth that are tables: none is incremental, but what they read is.
OF_CUSTOMERS = {
    file.stem
    for group in ("journeys", "voice", "growth")
    for file in (REPOSITORY / "models" / "marts" / group).glob("*.sql")
} - {"journey_stage_transitions"}  # a view


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def a_member(raw: RawFolder) -> dict:
    """A permanent member who was active in the week before DAY_ONE."""
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


# A scenario changes the raw data as it was at the first build, and as it is at the second. Ordinary
# late events rebuild some days of the past as well, which would hide that a scenario's own change
# was overlooked: so a scenario reaches further back than those, or has no late events.


def late_events(before: RawFolder, after: RawFolder) -> None:
    """An event received 40 days after it occurred; old and new events delivered once more."""
    day = DAY_TWO - timedelta(days=40)
    again = after.select(f"""
        (from product.events where received_at < date '{DAY_ONE}' and event_id is not null
            order by event_id limit 1)
        union all by name
        (from product.events where received_at between date '{DAY_ONE}' and date '{DAY_ONE}' + 1
            and event_id is not null order by event_id limit 3)
    """)
    late = event(after, "late", at(day, 3, 33), at(DAY_TWO, 9))
    repeated = [row | {"received_at": at(DAY_TWO, 8)} for row in again]
    after.add("product.events", [late, *repeated])


def midnight(before: RawFolder, after: RawFolder) -> None:
    """A session that runs over the end of DAY_ONE and goes on after it."""
    evening = [
        event(before, f"evening_{minute:02d}", at(DAY_ONE, 23, minute), at(DAY_ONE, 23, minute))
        for minute in (5, 30, 55)
    ]
    morning = [
        event(after, f"morning_{minute}", at(DAY_TWO, 0, minute), at(DAY_TWO, 0, minute))
        for minute in (10, 35)
    ]
    before.add("product.events", evening)
    after.add("product.events", evening + morning)
    punctual = f"received_at < date '{DAY_TWO}' or occurred_at >= date '{DAY_TWO}'"
    after.change("product.events", f"from rows where {punctual}")


def retroactive_leaving(before: RawFolder, after: RawFolder) -> None:
    """In a newer export of the same day a member left five days ago."""
    membership = a_member(after)["membership"]
    left = f"timestamp '{at(DAY_ONE - timedelta(days=5), 10)}'"
    left = f"case when id = '{membership}' then {left} else left_at end as left_at"
    after.change("app.household_members", f"select * replace ({left}) from rows")


def household_known_later(before: RawFolder, after: RawFolder) -> None:
    """Events, members and tasks of a household arrive before its own row."""
    household = a_member(after)["household_id"]
    before.change("app.households", f"select * from rows where id is distinct from '{household}'")


def backfill(before: RawFolder, after: RawFolder) -> None:
    """Rows appear that claim to have been received long before the first build."""
    day = DAY_ONE - timedelta(days=120)
    rows = [event(after, f"backfilled_{n}", at(day, 4, n), at(day, 5, n)) for n in range(3)]
    after.add("product.events", rows)


def below(table: str) -> str:
    """The models of ACTIVITY downstream of one raw table: enough where nothing else is new."""
    return " ".join(f"source:{table}+,{selected}" for selected in ACTIVITY.split())


SCENARIOS = {  # the date of the second build, None being END, and what it builds; the first is at DAY_ONE
    late_events: (None, ACTIVITY),
    midnight: (None, ACTIVITY),
    retroactive_leaving: (DAY_ONE, below("app.household_members")),
    household_known_later: (DAY_ONE, ACTIVITY),
    backfill: (DAY_ONE, below("product.events")),
}
# Scenarios whose raw data already differ at the first build.
OWN_FIRST_BUILD = {midnight, household_known_later}
NAMES = [scenario.__name__ for scenario in SCENARIOS]


def offer_builds(builds, project, small_raw, tmp_path_factory) -> list[str]:
    """Offer the builds of this module; return those to begin with, in order."""
    base = tmp_path_factory.mktemp("incremental")

    def from_copy(source: str, name: str, *days: date | None, raw=None, **options):
        def make(b) -> Sandbox:
            sandbox = b[source].copy(base / name, raw)
            for day in days:
                sandbox.build(day, **options)
            return sandbox

        builds.offer(name, make)

    from_copy("day_one", "one_end", None)
    from_copy("one_end", "same_again", None)
    of_customers = " ".join(f"+{mart}" for mart in sorted(OF_CUSTOMERS))
    from_copy("one_end", "back_to_one", DAY_ONE, select=f"{INCREMENTAL} {of_customers}")
    from_copy("one_end", "full_refresh", None, select=INCREMENTAL, full=True)

    def make_interrupted(b) -> Sandbox:
        sandbox = b["day_one"].copy(base / "interrupted")
        sandbox.build(None, select="base_product__events+1 +base_product__events")
        return sandbox.build(None, select=INCREMENTAL)

    builds.offer("interrupted", make_interrupted)

    def offer_scenario(change, as_of: date | None, select: str):
        name = change.__name__

        def make(b) -> tuple[Sandbox, Sandbox]:
            before = RawFolder.copy_of(small_raw, base / f"{name}_before")
            after = RawFolder.copy_of(small_raw, base / f"{name}_after")
            change(before, after)
            if change in OWN_FIRST_BUILD:
                first = Sandbox(project, base / name, before.folder)
                first.build(DAY_ONE, select=ACTIVITY).read_from(after.folder)
            else:
                first = b["day_one"].copy(base / name, after.folder)
            incremental = first.build(as_of, select=select)
            whole = b["day_one"].copy(base / f"{name}_whole", after.folder)
            return incremental, whole.build(as_of, select=select, full=True)

        builds.offer(name, make)

    def make_short_history(b) -> tuple[Sandbox, Sandbox]:
        """A history so short that a Sunday leaves it between the two builds."""
        weeks = {"history_weeks": 12}
        incremental = Sandbox(project, base / "short_history", small_raw, weeks)
        incremental.build(DAY_ONE, select=SCORED).build(None, select=SCORED)
        whole = Sandbox(project, base / "short_history_whole", small_raw, weeks)
        return incremental, whole.build(None, select=SCORED)

    builds.offer("short_history", make_short_history)

    def make_other_vars(b) -> tuple[Sandbox, Sandbox]:
        """A var that cuts sessions differs from that of the build before."""
        gap = {"session_gap_minutes": 5}
        incremental = b["day_one"].copy(base / "other_vars", variables=gap).build(DAY_ONE, select=ACTIVITY)
        whole = b["day_one"].copy(base / "other_vars_whole", variables=gap)
        return incremental, whole.build(DAY_ONE, select=ACTIVITY, full=True)

    builds.offer("other_vars", make_other_vars)

    for change, facts in SCENARIOS.items():
        offer_scenario(change, *facts)
    # Three wait for the first.
    return [
        "one_end",
        *NAMES,
        "short_history",
        "other_vars",
        "interrupted",
        "same_again",
        "back_to_one",
        "full_refresh",
    ]


def test_the_next_build(builds, warehouse):
    """On top of a build of eight days before: as if built from scratch."""
    assert differences(builds["one_end"].database, warehouse.database) == []


def test_something_happened_meanwhile(builds, warehouse):
    """The comparison can fail: the days do differ."""
    found = differences(builds["day_one"].database, warehouse.database)
    differing = {line.split(":")[0].removeprefix("analytics.") for line in found}
    assert {"fct_household_daily", *OF_CUSTOMERS} - differing <= UNCHANGED


def test_same_date_again_changes_nothing(builds):
    """The same raw data and as_of_date give the same tables."""
    assert differences(builds["same_again"].database, builds["one_end"].database) == []


def test_back_in_time(builds):
    """A build at an earlier date removes what was not known then."""
    tables = {*INCREMENTAL_MARTS, *OF_CUSTOMERS}
    assert differences(builds["back_to_one"].database, builds["day_one"].database, tables=tables) == []


def test_the_next_build_recovers_an_interrupted_one(builds, warehouse):
    """A build that only got as far as the raw events, then the next one."""
    found = differences(builds["interrupted"].database, warehouse.database, tables=INCREMENTAL_MARTS)
    assert found == []


def test_full_refresh(builds, warehouse):
    """`dbt build --full-refresh` starts over."""
    found = differences(builds["full_refresh"].database, warehouse.database, tables=INCREMENTAL_MARTS)
    assert found == []


@pytest.mark.parametrize("scenario", NAMES)
def test_what_arrives_later(builds, scenario):
    """Each on its own, so that no other rebuild hides it."""
    incremental, whole = builds[scenario]
    assert differences(incremental.database, whole.database, tables=COMPARED) == []


def test_score_dates_leave_the_published_history(builds):
    """As if built from nothing, in each table of score dates."""
    incremental, whole = builds["short_history"]
    assert (
        differences(
            incremental.database,
            whole.database,
            schemas=["analytics"],
            tables=["fct_health_scores", "fct_churn_risk"],
        )
        == []
    )
    days = (END - timedelta(days=7 * 12 - n) for n in range(1, 8))
    sunday = next(day for day in days if day.weekday() == 6)
    assert incremental.value("select min(score_date) from analytics.fct_health_scores") == sunday


def test_other_vars_build_all_days(builds):
    """As if built from nothing with them, and not as with the vars before."""
    incremental, whole = builds["other_vars"]
    assert differences(incremental.database, whole.database, tables=COMPARED) == []
    sessions = "select count(*) from analytics.fct_user_sessions"
    assert incremental.value(sessions) > builds["day_one"].value(sessions)


def test_late_event_is_there(builds):
    """On the day on which it occurred."""
    incremental, _ = builds["late_events"]
    day = "select event_date from analytics.fct_events where event_id = 'late'"
    assert incremental.rows(day) == [(DAY_TWO - timedelta(days=40),)]


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
    """The shared builds have the dates that the tests expect."""
    found = [
        builds[name].value("select as_of_date from build.parameters") for name in ("day_one", "warehouse")
    ]
    assert found == [DAY_ONE, END]
