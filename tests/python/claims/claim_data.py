"""Made-up evidence for the tests of claims."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from customer_success.claims import Claim, Data

AS_OF = date(2026, 6, 30)
METRICS = pd.DataFrame(
    [
        ("nps", "adjusted_wald", "up", "n", "points"),
        ("household_churn_rate", "wilson", "down", "n", "share"),
        ("avg_health_score", "t", "up", "n", "score"),
        ("net_revenue_retention", "bootstrap_households", "up", "n", "ratio"),
        ("mrr", "t", "up", None, "currency"),
    ],
    columns=["metric", "ci_method", "direction", "denominator", "unit"],
)
RUN = {
    "model_run_id": "r",
    "as_of_date": AS_OF,
    "selected_model": "boosting",
    "status": "skilled",
    "reason": None,
}
NO_RUNS = pd.DataFrame(columns=list(RUN))
NO_MODEL_METRICS = pd.DataFrame(
    columns=["model_run_id", "model", "split", "population", "metric", "value", "ci_low", "ci_high", "n"]
)


def claim(**fields) -> Claim:
    """A claim on NPS in June, with the fields that a test changes."""
    usual = {
        "claim_id": "c1",
        "deck": "deck",
        "statement": "As good as we say",
        "evidence": "metrics",
        "metric": "nps",
        "segment": "all",
        "comparison": "at_least",
        "scale": "absolute",
        "period_a": "2026-06",
        "period_b": None,
        "claimed_value": None,
        "tolerance": 0.0,
        "author": "somebody",
        "status": "draft",
    }
    return Claim(**{**usual, **fields})


def ledger_row(metric: str, start: str, value: float, low: float, high: float, n: int, **fields) -> dict:
    """A row of the ledger for a month and all households."""
    method = METRICS.set_index("metric").loc[metric, "ci_method"]
    usual = {
        "metric": metric,
        "period_grain": "month",
        "period_start": pd.Timestamp(start),
        "segment_type": "all",
        "segment": "all",
        "raw_value": value,
        "ci_low": low,
        "ci_high": high,
        "ci_method": method,
        "sample_size": n,
        "status": "publishable",
        "status_reason": None,
    }
    return {**usual, **fields}


def evidence(
    rows: list[dict] = (), households: dict | None = None, model_metrics: list[dict] = (), runs=(RUN,)
):
    """Data to compare claims with; `households`: ids, numerators and denominators by first day."""

    def of_period(metric: str, segment_type: str, segment: str, period) -> pd.DataFrame:
        ids, numerator, denominator = households[str(period.start)]
        return pd.DataFrame({"household_id": ids, "numerator": numerator, "denominator": denominator})

    return Data(
        as_of=AS_OF,
        metrics=METRICS,
        values=pd.DataFrame(list(rows), columns=list(ledger_row("nps", "2026-06-01", 0, 0, 0, 0))),
        households=of_period,
        model_runs=pd.DataFrame(list(runs)) if runs else NO_RUNS,
        model_metrics=pd.DataFrame(list(model_metrics)) if model_metrics else NO_MODEL_METRICS,
    )


def two_months(metric: str, a, b, shared: int = 0, **status) -> Data:
    """Evidence of households' own values in May and June; the last of May are the first of June."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    ids_a = np.arange(len(a))
    ids_b = np.arange(len(a) - shared, len(a) - shared + len(b))
    factor = 100 if metric == "nps" else 1
    rows = []
    for month, x in ((5, a), (6, b)):
        value = x.sum() if metric == "mrr" else factor * x.mean() if len(x) else np.nan
        rows.append(ledger_row(metric, f"2026-0{month}-01", value, np.nan, np.nan, len(x), **status))
    households = {
        "2026-05-01": (ids_a, a, np.ones(len(a))),
        "2026-06-01": (ids_b, b, np.ones(len(b))),
    }
    return evidence(rows, households)


def model_rows(**values) -> list[dict]:
    """Metrics of the model on all customers of the test, each with an interval of .02 either side."""
    usual = {"model_run_id": "r", "model": "boosting", "split": "test", "population": "all", "n": 900}
    return [
        {**usual, "metric": m, "value": v, "ci_low": v - 0.02, "ci_high": v + 0.02} for m, v in values.items()
    ]
