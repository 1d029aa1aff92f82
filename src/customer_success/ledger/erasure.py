"""Proof of erasures: exactly the households that the raw source no longer has are erased."""

from __future__ import annotations

from customer_success.churn.ledger import ERASED
from customer_success.publish.gate import Problem
from customer_success.raw_database import NO_HOUSEHOLDS

from .opening import opened
from .restatements import raw_households
from .tables import HOUSEHOLDS, PREDICTIONS, table


def prove_erasures(candidate) -> list[Problem]:
    """Return where the ledger would lose or keep predictions wrongly, and households that it lacks.

    ``candidate`` is a `proofs.Candidate`. A model of staging decides what is removed; the proof reads raw.
    """
    with opened(candidate.ledger, database=candidate.places.database) as connection:
        raw = raw_households(connection, candidate.manifest)
        absent = f"household_id not in (select id from {raw})"
        removed, kept = connection.execute(
            f"""
            select
                count(distinct household_id) filter (where {ERASED} and not {absent}),
                count(distinct household_id) filter (where not {ERASED} and {absent})
            from {table(PREDICTIONS)}
            """
        ).fetchone()
        known = connection.execute(f"select count(*) from {table(HOUSEHOLDS)}").fetchone()[0]
        unseen = connection.execute(
            f"select count(*) from {raw}"
            f" where sha256(id) not in (select household_hash from {table(HOUSEHOLDS)})"
        ).fetchone()[0]
    found = []
    if raw == NO_HOUSEHOLDS and known:
        found.append(
            f"The raw table app.households is absent, and earlier builds saw {known:,} households: they would"
            " count as erased. Is the export complete?"
        )
    if unseen:
        found.append(
            f"app.households has {unseen:,} households that the ledger does not have:"
            " their erasure would go unnoticed. Build the whole project."
        )
    if removed:
        found.append(
            f"The predictions of {removed:,} households would be removed from the ledger as erased, and"
            " app.households still has these households."
        )
    if kept:
        found.append(
            f"app.households no longer has {kept:,} households whose predictions the ledger would keep."
        )
    return [
        Problem("erasures", "fail", text, "models/staging/app/base/base_app__household_states.sql")
        for text in found
    ]
