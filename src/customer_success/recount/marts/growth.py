"""Where customers could grow: opportunities and candidates of drawn households, and what follows from all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, partial

import duckdb

from customer_success.recount.drawn import Drawn
from customer_success.recount.households import candidates, loops, opportunities, opportunity_signals
from customer_success.recount.households.facts import Home, World, as_date
from customer_success.recount.households.growth_facts import Growth, growths
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.voice_facts import voices
from customer_success.sql import sql_text

from .expansion import backtest, upsell_funnel
from .held import Held, has_mart, of_rows
from .referred import referred
from .reports import shares
from .spoken_to import candidate_rows, ranks

KEY = ("customer_id", "opportunity_type", "identified_at")
OURS = "{} in (select household_id from drawn_homes)"
LISTED = "(select *, from_json(signals, '[\"VARCHAR\"]') as listed from analytics.expansion_opportunities)"


def grown(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Return all comparisons of growth; none where the project has no such marts."""
    if has_mart(connection, "expansion_opportunities"):
        yield from of_drawn(connection, found)
        yield from reports(connection, found)
        yield from referred(connection, found)


def of_drawn(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Recount opportunities and candidates; registers a relation per mart in the connection."""
    world = found.world
    known = growths(found.staged, world.homes)
    scores = engagement(connection)
    prices = cache(partial(opportunities.cheapest, world))
    rows = [
        row for home in world.homes.values() for row in _spells(home, known[home.id], world, scores, prices)
    ]
    ours = OURS.format("customer_id")
    yield of_rows(connection, "expansion_opportunities", KEY, rows, prefix="grown", where=ours, shown=LISTED)
    yield from _candidates(connection, found, known)


def engagement(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, date], int]:
    """Return the engagement scores by household and complete month; empty where there are none."""
    if not has_mart(connection, "fct_customer_engagement"):
        return {}
    rows = connection.execute(
        "select household_id, month_start, engagement_score from analytics.fct_customer_engagement"
        " where is_complete and engagement_score is not null"
    ).fetchall()
    return {(home, month): score for home, month, score in rows}


def _spells(
    home: Home, growth: Growth, world: World, scores: dict, prices: Callable[[int], dict]
) -> Iterator[dict]:
    """Yield the opportunities that were open in the window of scores."""
    first = world.score_dates()[0]
    for kind in opportunities.TYPES:
        for one in opportunities.spells(kind, home, growth, world.as_of):
            if one.ended is not None and one.ended <= first:
                continue
            d = one.identified
            month = (as_date(d).replace(day=1) - timedelta(days=1)).replace(day=1)
            names = opportunity_signals.signals(home, growth, d, world, scores.get((home.id, month)))
            used, limit = opportunities.shown_usage(kind, home, growth, d)
            value = opportunities.estimated_value(kind, home, d, prices(d))
            yield {
                "customer_id": home.id,
                "opportunity_type": kind,
                "identified_at": as_date(d),
                "status": one.status,
                "status_at": None if one.ended is None else as_date(one.ended),
                "current_usage": used,
                "usage_limit": limit,
                "listed": names,
                "signal_score": float(opportunity_signals.signal_score(names, world.rules)),
                "estimated_value": None if value is None else round(float(value), 2),
                "recommended_plan": None
                if opportunities.is_won_by_seats(kind, world.rules)
                else opportunities.next_plan(home, d),
            }


def _candidates(connection, found: Drawn, known: dict[str, Growth]) -> Iterator[Held]:
    """Compare who is a candidate; of programs with a number per day or owner, that nobody else is one."""
    world, spoken = found.world, voices(found.staged, known)
    troubled = at_risk(connection)
    owned = dict(
        connection.execute(
            "select owner_user_id, count(*) from staging.stg_app__households group by 1"
        ).fetchall()
    )
    referring = {
        home
        for (home,) in connection.execute(
            "select referrer_household_id from analytics.fct_referrals where not is_self_referral"
        ).fetchall()
    }
    rows, d = [], world.as_of
    for home in world.homes.values():
        if not home.is_customer(d):
            continue
        growth, voice = known[home.id], spoken[home.id]
        made = [candidates.review(home, voice, d)]
        is_troubled = home.id in troubled or loops.is_red_alert(home, voice, d)
        if not is_troubled and not candidates.has_grave_ticket(home, d):
            made += [candidates.upsell(home, growth, d, world)]
            made += candidates.cross_sell(home, growth, d, owned.get(growth.owner, 0))
            has_referred = home.id in referring
            made += [candidates.advocacy(home, growth, voice, d, world, has_referred=has_referred)]
        rows += [
            {"household_id": one.household, "program": one.program, "angle": one.angle} for one in made if one
        ]
    yield from candidate_rows(connection, rows, world.rules)


def at_risk(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the households at risk today, as the proved mart of stages says."""
    if not has_mart(connection, "fct_lifecycle_stages"):
        return set()
    query = (
        "select household_id from analytics.fct_lifecycle_stages where is_current and stage_today = 'at_risk'"
    )
    return {home for (home,) in connection.execute(query).fetchall()}


def reports(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Count again what follows from all opportunities and candidates."""
    yield pipeline(found.world.rules)
    yield probabilities(connection, found.world)
    yield ranks(found.world.rules)
    yield stated(found.world.rules)
    yield from owners()
    yield backtest(connection, found)
    yield upsell_funnel(connection, found)


def pipeline(rules: Rules) -> Held:
    """Open opportunities by owner, type and timing; a household's value once, on the row of the highest."""
    rows = sorted(rules.rows("growth/opportunity_types"), key=lambda row: int(row["rule_order"]))
    kinds = ", ".join(sql_text(row["opportunity_type"]) for row in rows)
    return Held(
        "rpt_expansion_pipeline",
        ("owner_id", "opportunity_type", "timing"),
        "with ranked as (select *, row_number() over (partition by customer_id"
        f" order by estimated_value desc nulls last, list_position([{kinds}], opportunity_type)) as place"
        " from analytics.expansion_opportunities where status = 'open')"
        " select owner_id, opportunity_type, timing, count(*) as open_opportunities,"
        " count(distinct customer_id) as households,"
        " coalesce(sum(estimated_value) filter (where place = 1), 0) as value,"
        " count(*) filter (where estimated_value is null) as unknown_value from ranked group by all",
    )


def probabilities(connection: duckdb.DuckDBPyConnection, world: World) -> Held:
    """The share won in time of the opportunities that opened in the days of the study."""
    whole, last = world.rules.whole, world.as_of
    days = whole("opportunity_outcome_days")
    start = days + whole("opportunity_study_days")
    in_study = f"identified_at between ?::date - {start} and ?::date - {days}"
    won = f"status = 'won' and status_at <= identified_at + {days}"
    rows = connection.execute(
        f"select opportunity_type, count(*) filter (where {in_study}) as probability_n,"
        f" count(*) filter (where {in_study} and {won}) as won"
        " from analytics.expansion_opportunities group by opportunity_type",
        [as_date(last)] * 4,
    ).df()
    share, low, high = shares(rows, "won", "probability_n")
    few = (rows["probability_n"] < whole("opportunity_min_n")).to_numpy()
    for values in (share, low, high):
        values[few] = float("nan")
    rows = rows.drop(columns="won").assign(
        probability=share, probability_ci_low=low, probability_ci_high=high
    )
    connection.register("grown_probabilities", rows)
    return Held(
        "expansion_opportunities",
        ("id",),
        "select id, probability_n, if(isnan(probability), null, probability) as probability,"
        " if(isnan(probability_ci_low), null, probability_ci_low) as probability_ci_low,"
        " if(isnan(probability_ci_high), null, probability_ci_high) as probability_ci_high"
        " from (select id, opportunity_type from analytics.expansion_opportunities)"
        " join grown_probabilities using (opportunity_type)",
    )


def owners() -> Iterator[Held]:
    """The manager of each household, as the proved mart of assignments says."""
    for mart, key, home in (
        ("expansion_opportunities", ("id",), "customer_id"),
        ("fct_growth_candidates", ("household_id", "program"), "household_id"),
    ):
        yield Held(
            mart,
            key,
            f"select {', '.join(key)}, assigned.owner_id from (select * exclude (owner_id)"
            f" from analytics.{mart}) as ours left join (select household_id as home, owner_id"
            f" from analytics.fct_csm_assignments) as assigned on ours.{home} = assigned.home",
        )


def stated(rules: Rules) -> Held:
    """What the seed says of each type."""
    rows = rules.rows("growth/opportunity_types")
    listed = ", ".join(
        f"({', '.join(sql_text(row[name]) if row[name] else 'null' for name in STATED)})" for row in rows
    )
    return Held(
        "expansion_opportunities",
        ("id",),
        "select id, said.* exclude (opportunity_type) from analytics.expansion_opportunities"
        f' join (values {listed}) as said(opportunity_type, "trigger", timing, stated_probability,'
        " recommended_action) using (opportunity_type)",
    )


STATED = ("opportunity_type", "trigger", "timing", "stated_probability", "recommended_action")
