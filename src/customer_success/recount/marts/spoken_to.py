"""Which customers are candidates: of each program all that must be there, and nobody else.

Of reviews and advocacy a day or an owner has a limited number. A household of the sample that fits is there
where fewer than that number are, or where it comes before the last of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pandas as pd

from customer_success.recount.households.rules import Rules
from customer_success.sql import sql_text

from .held import Held

MART, KEY = "fct_growth_candidates", ("household_id", "program")
OURS = "household_id in (select household_id from drawn_homes)"
LIMITED = "program in ('review', 'advocacy')"


def candidate_rows(connection: duckdb.DuckDBPyConnection, rows: list[dict], rules: Rules) -> Iterator[Held]:
    """Compare the candidates with those that fit: ``rows`` of household_id, program, angle."""
    if not rows:
        yield Held(MART, KEY, f"select * from analytics.{MART} where false", OURS)
        return
    connection.register("grown_candidates", pd.DataFrame(rows).astype(object))
    yield Held(MART, KEY, f"from grown_candidates where not {LIMITED}", f"{OURS} and not {LIMITED}")
    yield Held(MART, KEY, _limited(rules), f"{OURS} and {LIMITED}")


def _limited(rules: Rules) -> str:
    """Those that fit and are shown, or would be shown before another one.

    Reviews go by the hash of the household, advocates of an owner by MRR, unknown last, then by household.
    """

    def ranked(source: str) -> str:
        return (
            "select household_id, program, if(program = 'advocacy', owners.owner_id, null) as owner_id,"
            " if(program = 'review', 0.0, coalesce(-mrr::double, 'infinity'::double)) as first,"
            " if(program = 'review', md5(household_id), household_id) as second,"
            f" {_most(rules)} as most"
            f" from (select household_id, program from {source} where {LIMITED})"
            " left join analytics.dim_households using (household_id)"
            " left join (select household_id, owner_id from analytics.fct_csm_assignments) as owners"
            " using (household_id)"
        )

    return (
        f"with shown as ({ranked(f'analytics.{MART}')}), last_ones as (select program, owner_id,"
        " count(*) as n, max((first, second)) as place from shown group by all)"
        f" select fitting.household_id, fitting.program from ({ranked('grown_candidates')}) as fitting"
        " left join last_ones on fitting.program = last_ones.program"
        " and fitting.owner_id is not distinct from last_ones.owner_id"
        " where n is null or n < most or (first, second) <= place"
    )


def _most(rules: Rules) -> str:
    """Return SQL for how many candidates a program shows, by day or owner; null without a limit."""
    limits = {"review": rules.whole("reviews_a_day"), "advocacy": rules.whole("advocates_per_owner")}
    cases = " ".join(f"when '{name}' then {limit}" for name, limit in limits.items())
    return f"case program {cases} end"


def ranks(rules: Rules) -> Held:
    """The place of each candidate in its program; advocates are ranked within their owner.

    Upsell by health, then clicks; add-ons by their order in the seed, then MRR; reviews by the hash.
    """
    rows = rules.rows("growth/add_ons")
    place = " ".join(f"when {sql_text(row['add_on'])} then {int(row['rule_order'])}" for row in rows)
    first = (
        "case program when 'upsell' then -health_score"
        f" when 'review' then 0 when 'advocacy' then 0 else case angle {place} end end"
    )
    money = "coalesce(-homes.mrr::double, 'infinity'::double)"
    clicks = "json_extract_string(detail, '$.premium_clicks_30')::integer"
    second = f"case program when 'upsell' then -{clicks} when 'review' then 0 else {money} end"
    third = "if(program = 'review', md5(household_id), household_id)"
    group = "program, if(program = 'advocacy', owner_id, null)"
    return Held(
        MART,
        KEY,
        f"select household_id, program, row_number() over (partition by {group}"
        f" order by {first}, {second}, {third}) as rank from analytics.{MART}"
        " left join (select household_id, mrr from analytics.dim_households) as homes using (household_id)"
        " left join (select household_id, health_score from analytics.fct_customer_health where is_current)"
        " using (household_id)"
        # A row over the limit is one that only the mart has.
        f" qualify rank <= coalesce({_most(rules)}, rank)",
    )
