"""One run of the survival analysis: hazard ratios, fit, curves, what remains; every result as a table."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from customer_success.packed import HASHES, hashes

from .config import Covariate, SurvivalSettings, SurvivalSpec
from .cox import cox_fit
from .curves import survival_curves
from .predict import predict_remaining

HOUSEHOLDS = SurvivalSpec(
    id="household_id",
    duration="days_observed",
    event="has_churned",
    covariates=(
        Covariate("plan_at_day_90", reference="Free"),
        Covariate("avg_health_score_first_90d"),
        Covariate("initial_members_count"),
        Covariate("initial_pets_count"),
        Covariate("premium_features_adopted_first_30d"),
    ),
    group="plan_at_day_90",
)


def run(
    households: pa.Table, customers: pa.Table, settings: SurvivalSettings | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables of a run: summary, fit, curves, predictions, and ``hashes`` (``packed.hashes``).

    ``households``: a row per household that was a customer at day 90, columns as in ``HOUSEHOLDS`` and
    is_later_cohort. ``customers``: a row per present customer, with days_stayed since day 90 (null before)
    as days_observed and whether it has churned before. Hazard ratios are of all households; the concordance
    on the later cohort is of a model fitted without it.
    """
    settings = settings or SurvivalSettings()
    frame = households.to_pandas()
    later = frame["is_later_cohort"].astype(bool)
    whole = cox_fit(frame, HOUSEHOLDS, settings=settings)
    tested = cox_fit(frame[~later], HOUSEHOLDS, frame[later], settings).fit.iloc[0]
    curves = survival_curves(frame, HOUSEHOLDS, settings)
    fit = whole.fit.assign(
        later_concordance=tested["later_concordance"],
        later_n=tested["later_n"],
        later_events=tested["later_events"],
        log_rank_statistic=curves.log_rank["statistic"],
        log_rank_p=curves.log_rank["p_value"],
        log_rank_note=curves.log_rank["note"],
    )
    tables = {
        "summary": whole.summary,
        "fit": fit,
        "curves": curves.curves.rename(columns={"group": "plan_type"}).astype({"day": int}),
        "predictions": predict_remaining(whole, customers, HOUSEHOLDS, settings),
    }
    return tables | {HASHES: hashes(tables)}
