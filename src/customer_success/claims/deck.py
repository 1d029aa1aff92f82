"""Verdicts on all claims; p-values of one deck are corrected together."""

from __future__ import annotations

import pandas as pd

from customer_success.statistics import holm

from .claim import Claim
from .evidence import Data, find
from .statement import numbers_of, reject, unit_and_direction
from .verdicts import Finding, decide

COLUMNS = [
    "claim_id", "deck", "statement", "statement_numbers", "statement_values", "evidence", "metric", "segment",
    "comparison", "scale", "period_a", "period_b", "period_a_start", "period_a_end", "period_b_start",
    "period_b_end", "claimed_value", "tolerance", "author", "status", "verdict", "value_a", "value_b", "n_a",
    "n_b", "difference", "ci_low", "ci_high", "p_value", "p_value_corrected", "test", "reason",
]  # fmt: skip


def verdicts_on(claims: list[Claim], data: Data, *, alpha: float, seed: int, widest: float) -> pd.DataFrame:
    """Return a row per claim with its verdict, columns `COLUMNS`; what is not known is null.

    p-values of one deck are corrected together (Holm), drafts included: every test counts, whether its
    claim is published or not. Raises MalformedClaim if a claim's figures are not those of its
    statement (`statement`), and Contradiction where the ledger is not the sum of its households.
    """
    reject(claims, data.catalogue, widest)
    found = [find(claim, data, seed) for claim in claims]
    table = pd.DataFrame({"deck": [c.deck for c in claims], "p": [f.p_value for f in found]})
    corrected = table.groupby("deck")["p"].transform(lambda p: holm(p.to_numpy(float)))
    rows = []
    for claim, finding, p in zip(claims, found, corrected, strict=True):
        better = _better(claim, data)
        verdict, reason = decide(claim, finding, p, better=better, alpha=alpha)
        fields = {name: getattr(claim, name) for name in Claim.__slots__}
        seen = {name: getattr(finding, name) for name in Finding.__slots__ if name not in ("problem", "note")}
        unit, _ = unit_and_direction(claim, data.catalogue)
        numbers = dict(zip(("statement_numbers", "statement_values"), numbers_of(claim, unit), strict=True))
        outcome = {"p_value_corrected": p, "verdict": verdict, "reason": reason}
        rows.append({**fields, **seen, **numbers, **outcome})
    days = dict.fromkeys((name for name in COLUMNS if name.endswith(("_start", "_end"))), "datetime64[us]")
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n_a": "Int64", "n_b": "Int64", **days})


def _better(claim: Claim, data: Data) -> int:
    direction = data.catalogue.get(claim.metric, {}).get("direction")
    return -1 if direction == "down" else 1
