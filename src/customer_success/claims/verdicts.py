"""The verdict on a claim: supported, refuted, or not enough evidence for either.

An interval wholly inside the claimed range supports the claim, one wholly outside refutes it. A change
without a size is decided by the corrected p-value and its direction. Everything else is not enough evidence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from .claim import Claim

SUPPORTED, REFUTED, INSUFFICIENT = "supported", "refuted", "insufficient_evidence"
SIGNS = {"improved": 1, "declined": -1}


@dataclass(frozen=True, slots=True)
class Finding:
    """The evidence on a claim, in the metric's unit; NaN where something is not known.

    `difference` with `ci_low` and `ci_high` is the claimed difference: period b less period a, that as a
    share of a (relative claims), or period a less the claimed value. `p_value` is two-sided, of no
    difference. The dates are the first and the last day of the periods that were looked up. `problem` gives
    the reason why there is no evidence, `note` what readers should see with it.
    """

    period_a_start: date | None = None
    period_a_end: date | None = None
    period_b_start: date | None = None
    period_b_end: date | None = None
    value_a: float = math.nan
    value_b: float = math.nan
    n_a: int | None = None
    n_b: int | None = None
    difference: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    p_value: float = math.nan
    test: str | None = None
    problem: str | None = None
    note: str | None = None


def decide(claim: Claim, found: Finding, p_corrected: float, *, better: int, alpha: float) -> tuple[str, str]:
    """Return the verdict and its reason.

    `p_corrected`: the p-value among those of the deck (Holm). `better`: 1 where higher values of the metric
    are better, -1 where lower ones are.
    """
    if found.problem:
        return INSUFFICIENT, found.problem
    if claim.claimed_value is not None:
        verdict, reason = _by_interval(claim, found)
    else:
        verdict, reason = _by_p_value(claim, found, p_corrected, better, alpha)
    return verdict, f"{reason}; {found.note}" if found.note else reason


def _by_interval(claim: Claim, found: Finding) -> tuple[str, str]:
    """Compare the interval of the difference with the range of the claim."""
    shift = 0.0 if claim.period_b else claim.claimed_value
    low, high = found.ci_low + shift, found.ci_high + shift
    if math.isnan(low) or math.isnan(high):
        return INSUFFICIENT, "no interval"
    bottom, top = claim.range
    interval, claimed = f"interval {low:.4g} to {high:.4g}", _range_text(bottom, top)
    if bottom <= low and high <= top:
        return SUPPORTED, f"{interval} lies within {claimed}"
    if high < bottom or low > top:
        return REFUTED, f"{interval} lies outside {claimed}"
    return INSUFFICIENT, f"{interval} reaches beyond {claimed}"


def _by_p_value(claim: Claim, found: Finding, p: float, better: int, alpha: float) -> tuple[str, str]:
    if math.isnan(p):
        return INSUFFICIENT, "no test"
    p_text = f"corrected p = {p:.3g}"
    if claim.comparison == "differs":
        if p < alpha:
            return SUPPORTED, f"{p_text}, under {alpha:g}"
        alike = -claim.tolerance <= found.ci_low and found.ci_high <= claim.tolerance
        if claim.tolerance > 0 and alike:
            return REFUTED, f"the difference lies within ±{claim.tolerance:g}; {p_text}"
        return INSUFFICIENT, f"{p_text}, not under {alpha:g}"
    if not p < alpha:
        return INSUFFICIENT, f"{p_text}, not under {alpha:g}"
    as_claimed = found.difference * better * SIGNS[claim.comparison] > 0
    if as_claimed:
        return SUPPORTED, f"{p_text}, under {alpha:g}, in the claimed direction"
    return REFUTED, f"{p_text}, under {alpha:g}, in the other direction"


def _range_text(bottom: float, top: float) -> str:
    if math.isinf(top):
        return f"at least {bottom:.4g}"
    return f"at most {top:.4g}" if math.isinf(bottom) else f"{bottom:.4g} to {top:.4g}"
