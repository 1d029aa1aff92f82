"""What customers say: themes, loops and surveys of drawn households, and the reports, counted again whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import numpy as np
import pandas as pd

from customer_success.recount.bursts import burst_p
from customer_success.recount.claim_tests import holm
from customer_success.recount.drawn import Drawn
from customer_success.recount.households import loops, survey_decisions, themes
from customer_success.recount.households.facts import Home, World, as_date
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.survey_decisions import triggers
from customer_success.recount.households.surveys import nps_category
from customer_success.recount.households.voice_facts import Voice, voices
from customer_success.recount.second_methods import share_of

from .escalated import customers_on, escalated
from .held import Held, has_mart, of_rows
from .theme_intervals import theme_intervals

OURS = "household_id in (select household_id from drawn_homes)"
Rows = Callable[[Home, Voice, int], Iterator[dict]]


def spoken(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Return all comparisons of voice; none where the project has no such marts."""
    if has_mart(connection, "fct_feedback_loops"):
        yield from of_drawn(connection, found)
        yield from reports(connection, found)
        yield from escalated(connection, found)


def of_drawn(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Recount the marts of the drawn households; registers a relation per mart in the connection."""
    world = found.world
    known = voices(found.staged, world.homes)
    for mart, key, rows in (
        ("fct_comment_themes", ("message_id", "theme"), mention_rows),
        ("fct_feedback_loops", ("origin", "origin_id"), loop_rows),
        ("fct_survey_decisions", ("household_id", "trigger", "due_on", "subject_id"), decision_rows),
        ("fct_customer_profiles", ("household_id",), profile_rows),
    ):
        made = [
            {"household_id": home.id, **row}
            for home in world.homes.values()
            for row in rows(home, known[home.id], world.as_of)
        ]
        yield of_rows(connection, mart, key, made, prefix="voiced", where=OURS)


def mention_rows(home: Home, voice: Voice, d: int) -> Iterator[dict]:
    """Each scored message with each theme that it mentions."""
    for one in themes.mentions(home):
        yield {
            "message_id": one.message.id,
            "theme": one.theme,
            "channel": one.channel,
            "created_at": one.message.at,
            "polarity": one.polarity,
        }


def loop_rows(home: Home, voice: Voice, d: int) -> Iterator[dict]:
    """The loops; their owner and id are compared elsewhere."""
    for one in loops.loops(home, voice, d):
        yield one._asdict()


def decision_rows(home: Home, voice: Voice, d: int) -> Iterator[dict]:
    """What is decided for each survey that fell due."""
    for one in survey_decisions.decisions(home, voice, d):
        yield {
            "trigger": one.due.trigger,
            "due_on": as_date(one.due.due_on),
            "subject_id": one.due.subject,
            "survey_type": one.due.kind,
            "decision": one.decision,
            "user_id": one.user,
        }


def profile_rows(home: Home, voice: Voice, d: int) -> Iterator[dict]:
    """Whether a customer waits for an answer, and whether the latest NPS is a promoter's."""
    if not home.is_customer(d):
        return
    scores = [(reply.at, reply.id, reply.score) for reply in voice.replies if reply.kind == "NPS"]
    scores = [one for one in scores if one[2] is not None]
    latest = max(scores)[2] if scores else None
    yield {
        "is_red_alert": loops.is_red_alert(home, voice, d),
        "is_advocate": None if latest is None else nps_category(latest, home.rules) == "Promoter",
    }


def reports(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Count the reports again from proved marts; registers relations in the connection."""
    yield comment_themes()
    yield theme_intervals(
        connection, *map(found.world.rules.whole, ("theme_min_households", "theme_replicates"))
    )
    yield theme_changes(connection, found.world)
    yield comment_keywords(connection, found.world.rules)
    yield survey_funnel(connection, found.world.rules)
    yield Held(
        "fct_feedback_loops",
        ("origin", "origin_id"),
        "select origin, origin_id, assigned.owner_id from analytics.fct_feedback_loops"
        " left join analytics.fct_csm_assignments as assigned using (household_id)",
    )


def comment_themes() -> Held:
    """Mentions by month, channel and theme; the intervals are compared by ``theme_intervals``."""
    count = "count(*) filter (where polarity = '{0}') as {0}"
    return Held(
        "rpt_comment_themes",
        ("month_start", "channel", "theme"),
        "with counted as (select date_trunc('month', created_at)::date as month_start,"
        " coalesce(channel, 'all') as channel, theme, count(*) as mentions,"
        f" count(distinct household_id) as households, {count.format('positive')},"
        f" {count.format('negative')} from analytics.fct_comment_themes"
        " group by grouping sets ((date_trunc('month', created_at)::date, channel, theme),"
        " (date_trunc('month', created_at)::date, theme)))"
        " select *, if(positive + negative = 0, null, (positive - negative) / (positive + negative))"
        " as net_sentiment from counted",
    )


def theme_changes(connection: duckdb.DuckDBPyConnection, world: World) -> Held:
    """Whether a theme has more households with a negative mention than it had in the windows before."""
    last, whole = world.as_of, world.rules.whole
    length, windows = whole("theme_window_days"), whole("theme_windows")
    customers = _customers_by_window(connection, last, length, windows)
    first = connection.execute(
        "select min(created_at)::date from analytics.fct_message_sentiment"
    ).fetchone()[0]
    listed = sorted(themes.keywords())
    counts = {theme: [0] * (windows + 1) for theme in listed}
    for theme, back, households in connection.execute(
        "select theme, back, count(distinct household_id) from (select theme, household_id,"
        f" (date '{as_date(last)}' - created_at::date) // {length} as back"
        " from analytics.fct_comment_themes where polarity = 'negative')"
        " where back between 0 and ? group by theme, back",
        [windows],
    ).fetchall():
        counts[theme][back] = households
    age = -1 if first is None else (as_date(last) - first).days
    rows = [_change_row(theme, counts[theme], customers, age, length) for theme in listed]
    tested = [row for row in rows if row["p_value"] is not None]
    for row, p in zip(tested, holm([row["p_value"] for row in tested]), strict=True):
        row |= {"p_holm": p, "is_rising": p < world.rules.exact("theme_alpha")}
    return of_rows(connection, "rpt_theme_changes", ("theme",), rows)


def _change_row(theme: str, counts: list[int], customers: list[float], age: int, length: int) -> dict:
    row = dict.fromkeys(("households_30d", "expected_households", "p_value", "p_holm", "is_rising"))
    if age >= length - 1:
        row["households_30d"] = counts[0]
    if age >= length * len(counts) - 1 and sum(customers[1:]) > 0:
        row["expected_households"] = sum(counts[1:]) * customers[0] / sum(customers[1:])
        row["p_value"] = burst_p(counts, customers)
    return {"theme": theme, **row}


def _customers_by_window(
    connection: duckdb.DuckDBPyConnection, last: int, length: int, windows: int
) -> list[float]:
    """Return the mean number of customers of each window, the latest first."""
    count = customers_on(connection)
    days = np.array([count(last - back) for back in range(length * (windows + 1))], float)
    return days.reshape(windows + 1, length).mean(axis=1).tolist()


def comment_keywords(connection: duckdb.DuckDBPyConnection, rules: Rules) -> Held:
    """Comments of NPS answers that contain a keyword, each once."""
    counts: dict[tuple, int] = {}
    for category, comment in connection.execute(
        "select nps_category, nps_comment from analytics.fct_nps_surveys"
        " where nps_comment is not null and nps_category is not null"
    ).fetchall():
        for row in rules.rows("voice/comment_keywords"):
            if themes.has_word(comment, (row["keyword"],)):
                key = (category, row["keyword"], row["polarity"])
                counts[key] = counts.get(key, 0) + 1
    names = ("nps_category", "keyword", "polarity", "mention_count")
    rows = [dict(zip(names, (*key, count), strict=True)) for key, count in counts.items()]
    return of_rows(connection, "rpt_comment_keywords", names[:2], rows)


def survey_funnel(connection: duckdb.DuckDBPyConnection, rules: Rules) -> Held:
    """Decisions by survey and month in which they fell due, and the answers to what was sent."""
    rows = connection.execute(
        "select household_id, trigger, survey_type, due_on, decision from analytics.fct_survey_decisions"
    ).df()
    rows["answered"] = _answers(connection, rows, rules)
    rows["month_start"] = pd.to_datetime(rows["due_on"]).dt.to_period("M").dt.start_time
    counted = []
    for (kind, month), own in rows.groupby(["survey_type", "month_start"], sort=True):
        decision = own["decision"]
        sent, answered = int((decision == "already_sent").sum()), int(own["answered"].sum())
        share, low, high = None, None, None
        if sent:
            share, low, high = share_of(answered, sent)
        counted.append(
            {
                "survey_type": kind,
                "month_start": month,
                "occurrences": len(own),
                "suppressed": int((~decision.isin(["already_sent", "missed", "send"])).sum()),
                "missed": int((decision == "missed").sum()),
                "sent": sent,
                "answered": answered,
                "response_rate": share,
                "ci_low": low,
                "ci_high": high,
            }
        )
    return of_rows(connection, "rpt_survey_funnel", ("survey_type", "month_start"), counted)


def _answers(connection: duckdb.DuckDBPyConnection, rows: pd.DataFrame, rules: Rules) -> list[bool]:
    """Return whether the invitation that served an occurrence was answered."""
    invited: dict[tuple, list] = {}
    late, of = rules.whole("survey_send_days"), triggers(rules)
    for name, home, kind, day, answered in connection.execute(
        "select invitation_id, household_id, survey_type, sent_at::date, is_responded"
        " from analytics.fct_survey_invitations order by sent_at::date, invitation_id"
    ).fetchall():
        invited.setdefault((home, kind), []).append((pd.Timestamp(day), name, bool(answered)))
    found = [False] * len(rows)
    sent = rows[rows["decision"] == "already_sent"]
    for (home, kind), own in sent.groupby(["household_id", "survey_type"]):
        left = {
            place: (trigger, pd.Timestamp(due))
            for place, trigger, due in own[["trigger", "due_on"]].itertuples()
        }
        for day, _, answered in invited.get((home, kind), []):
            near = [p for p, (_, due) in left.items() if 0 <= (day - due).days <= late]
            if near:
                best = min(near, key=lambda p: (of[left[p][0]].priority, (day - left[p][1]).days))
                del left[best]
                found[best] = answered
    return found
