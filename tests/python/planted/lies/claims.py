"""Lies in decks: a statement that says more than its claim, and a verdict on other evidence."""

from __future__ import annotations

from ..lie import Lie, Replace

KIND = "claims"
CHECK = "claims"
CLAIMS = "seeds/claims/claims.csv"
LAST = "nrr_premium_up,quarterly_review,"


def _claim(name: str, row: str, check: str = CHECK) -> Lie:
    return Lie(name, KIND, (Replace(CLAIMS, LAST, f"{row}\n{LAST}"),), check)


LIES = [
    _claim(
        "The statement says another number than the claim",
        "csat_49,a,Our support gets 4.9 of 5,metrics,csat,all,at_least,absolute,quarter-1,,3,,sales,draft",
    ),
    _claim(
        "A claim that nothing could refute",
        "nps_80,a,Our NPS is 80,metrics,nps,all,at_least,absolute,trailing_90,,-100,,sales,published",
    ),
    _claim(
        "A claim that the data refute is published",
        "csat_5,a,Our support gets 5 of 5,metrics,csat,all,at_least,absolute,quarter-1,,5,,sales,published",
        "assert_published_claims_are_supported",
    ),
    Lie(
        "The p-value of a claim is a constant",
        KIND,
        (
            Replace(
                "src/customer_success/claims/evidence.py",
                "p_value=compared.p_value,",
                "p_value=0.01,",
            ),
        ),
        CHECK,
    ),
    Lie(
        "A verdict uses another quarter than it names",
        KIND,
        (
            Replace(
                "src/customer_success/claims/periods.py",
                "    return _months(grain, first - back * length)\n",
                "    return _months(grain, first - (back + 1) * length)\n",
            ),
        ),
        CHECK,
    ),
    Lie(
        "Every verdict is 'supported'",
        KIND,
        (
            Replace(
                "models/marts/claims/fct_claim_verdicts.sql",
                "    cast(verdict as varchar) as verdict,\n",
                "    cast('supported' as varchar) as verdict,\n",
            ),
        ),
        CHECK,
    ),
]
