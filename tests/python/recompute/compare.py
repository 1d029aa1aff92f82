"""Compares two tables, row by row and column by column."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd

TOLERANCE = 1e-9
EXAMPLES = 3

# the specification does not fix the case of these words
CASE_BLIND = {"urgency", "impact", "nps_category", "payment_status", "billing_interval"}

CONTRACT = {
    "dim_households": "household_id household_name owner_name region created_at signup_date "
    "acquisition_channel is_active churned_at reactivated_at churn_count plan_type "
    "payment_status mrr next_billing_date member_count active_pet_count recurring_tasks_enabled "
    "reminders_enabled calendar_sync_enabled notifications_enabled photos_uploaded_count "
    "days_since_signup tenure_days initial_plan_type initial_pets_count initial_members_count "
    "premium_features_adopted_first_30d is_synthetic",
    "dim_members": "member_id household_id user_id role joined_at left_at is_current",
    "dim_subscriptions": "household_id subscription_id plan_type payment_status status quantity "
    "mrr billing_interval started_at ended_at cancel_at_period_end current_period_end "
    "payment_date payment_failed",
    "dim_csms": "owner_id full_name role specialization regions portfolio_size",
    "fct_events": "event_id household_id user_id event event_at event_date feature_name pet_id page",
    "fct_household_activity": "event_id household_id user_id member_count activity_date "
    "event_type pet_id session_duration_minutes",
    "fct_household_daily": "household_id activity_date active_members sessions app_opens "
    "tasks_completed care_tasks_due care_tasks_on_time features_used session_minutes",
    "fct_user_sessions": "household_id user_id login_at logout_at session_duration_minutes "
    "event_count features_used_count",
    "fct_feature_usage": "event_id household_id user_id feature_name used_at first_used_at last_used_at",
    "fct_support_tickets": "ticket_id household_id requester_user_id issue_title issue_key "
    "category urgency impact priority is_priority_assumed severity status is_merged is_agent_opened "
    "created_at first_response_at resolved_at reopen_count is_one_touch first_response_hours "
    "resolution_hours response_sla_hours resolution_sla_hours response_sla_met resolution_sla_met "
    "csat_score is_escalated competitor_mentioned",
    "fct_nps_surveys": "response_id household_id user_id nps_score nps_category nps_comment "
    "survey_date trigger",
    "fct_csat_responses": "response_id household_id ticket_id csat_score responded_at",
    "fct_survey_invitations": "invitation_id survey_type household_id sent_at responded_at is_responded",
    "fct_payments": "charge_id household_id invoice_id amount amount_refunded net_amount "
    "currency status payment_failed payment_date",
    "fct_subscription_changes": "household_id changed_at change_type from_plan to_plan "
    "mrr_before mrr_after mrr_delta upgrade_date downgrade_date",
    "fct_churn_events": "household_id churn_number churned_at churn_type was_paying_90d_before "
    "mrr_lost plan_before reactivated_at left_at",
    "fct_mrr_movements": "household_id month_start mrr_opening new expansion contraction churned "
    "reactivation mrr_closing is_complete",
}


def _first(column: pd.Series) -> object:
    position = column.first_valid_index()
    return None if position is None else column.loc[position]


def _kind(column: pd.Series) -> str:
    """Return the kind of a column: nothing, date, time, bool, decimal, number or text."""
    if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
        return "time" if column.notna().any() else "nothing"
    if column.dtype.kind == "b":
        return "bool"
    value = _first(column)
    if value is None:
        return "nothing"
    if isinstance(value, (bool, np.bool_)):
        return "bool"
    if isinstance(value, Decimal):
        return "decimal"
    if isinstance(value, datetime):
        return "time"
    if isinstance(value, date):
        return "date"
    if isinstance(value, (int, float, np.number)):
        return "number"
    return "text"


def _times(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    elif column.dtype.kind != "M":
        column = pd.to_datetime(column, errors="coerce")
    return column.astype("datetime64[us]")


def _numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").astype("float64")


def _cents(column: pd.Series) -> pd.Series:
    out = []
    for value in column.tolist():
        if value is None or value is pd.NA or value != value:
            out.append(np.nan)
        else:
            exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
            out.append(float((exact * 100).to_integral_value("ROUND_HALF_UP")))
    return pd.Series(out, index=column.index, dtype="float64")


def _texts(column: pd.Series) -> pd.Series:
    column = column.astype(object)
    if pd.api.types.infer_dtype(column, skipna=True) in {"string", "empty"}:
        return column.where(column.notna(), None)
    return column.map(lambda v: None if v is None or v != v else str(v)).astype(object)


def _aligned(name: str, ours: pd.Series, theirs: pd.Series) -> tuple[pd.Series, pd.Series, float]:
    """Bring both columns to one type; also return the absolute difference that is allowed."""
    kinds = {_kind(ours), _kind(theirs)}
    if "date" in kinds:
        return _times(ours).dt.floor("D"), _times(theirs).dt.floor("D"), 0.0
    if "time" in kinds:
        return _times(ours), _times(theirs), 0.0
    if "bool" in kinds and "text" in kinds:  # a name here, a flag there
        flags = [c.notna() if _kind(c) == "text" else c for c in (ours, theirs)]
        return flags[0].map(bool).astype(object), flags[1].map(bool).astype(object), 0.0
    if "bool" in kinds:
        flat = [c.map(lambda v: None if v is None or v != v else bool(v)) for c in (ours, theirs)]
        return flat[0].astype(object), flat[1].astype(object), 0.0
    if _kind(ours) == "decimal" and kinds <= {"decimal", "number", "nothing"}:
        return _cents(ours), _cents(theirs), 0.0
    if kinds <= {"decimal", "number", "nothing"} and kinds != {"nothing"}:
        allowed = 0.0
        if _kind(theirs) == "decimal":  # theirs is rounded to its scale
            scale = -_first(theirs).as_tuple().exponent
            allowed = 0.5 * 10.0**-scale
        return _numbers(ours), _numbers(theirs), allowed
    first, second = _texts(ours), _texts(theirs)
    if name in CASE_BLIND:
        first, second = first.str.lower(), second.str.lower()
    return first, second, 0.0


def _differs(ours: pd.Series, theirs: pd.Series, allowed: float) -> np.ndarray:
    empty, other_empty = ours.isna().to_numpy(), theirs.isna().to_numpy()
    if ours.dtype.kind == "f" and theirs.dtype.kind == "f":
        a, b = ours.to_numpy(), theirs.to_numpy()
        room = TOLERANCE * np.maximum(1.0, np.maximum(np.abs(a), np.abs(b))) + allowed
        differing = ~(np.abs(a - b) <= room)
    else:
        differing = (ours != theirs).to_numpy(dtype=bool)
    return np.where(empty | other_empty, empty != other_empty, differing)


def compare(
    table_name: str,
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    keys: list[str],
    columns: Iterable[str] | None = None,
) -> list[str]:
    """List in words how two tables differ; an empty list means that they agree.

    Compared are the contract's columns (or `columns`). Missing values are equal to each other;
    floats may differ by 1e-9 of their size, decimals must be equal after rounding to cents.
    """
    if columns is None:
        columns = CONTRACT[table_name].split() if table_name in CONTRACT else list(ours.columns)
    columns = list(columns)
    found: list[str] = []
    lacking = [c for c in columns if c not in theirs.columns]
    if lacking:
        found.append(f"{table_name}: columns missing in theirs: {', '.join(lacking)}")
    unknown = [c for c in columns if c not in ours.columns]
    if unknown:
        found.append(f"{table_name}: columns missing in ours: {', '.join(unknown)}")
    shared = [c for c in columns if c in theirs.columns and c in ours.columns]
    if any(key not in shared for key in keys):
        return [*found, f"{table_name}: no comparison without its key {keys}"]

    left, right = ours[shared].reset_index(drop=True), theirs[shared].reset_index(drop=True)
    for key in keys:
        left[key], right[key], _ = _aligned(key, left[key], right[key])
    codes = _codes(pd.concat([left[keys], right[keys]], ignore_index=True))
    total = int(codes.max()) + 1 if len(codes) else 0
    places = {}
    for side, frame, own in (
        ("ours", left, codes[: len(left)]),
        ("theirs", right, codes[len(left) :]),
    ):
        first = np.full(total, -1)
        first[own[::-1]] = np.arange(len(own))[::-1]
        twice = np.flatnonzero(first[own] != np.arange(len(own)))
        if len(twice):
            rows = _rows(frame, twice, keys)
            found.append(f"{table_name}: {len(twice)} repeated keys in {side}: {rows}")
        places[side] = first
    for side, other, frame in (("theirs", "ours", left), ("ours", "theirs", right)):
        gone = places[other][(places[side] < 0) & (places[other] >= 0)]
        if len(gone):
            rows = _rows(frame, gone, keys)
            found.append(f"{table_name}: {len(gone)} rows missing in {side}: {rows}")
    both = (places["ours"] >= 0) & (places["theirs"] >= 0)
    left = left.iloc[places["ours"][both]].reset_index(drop=True)
    right = right.iloc[places["theirs"][both]].reset_index(drop=True)
    for column in shared:
        if column in keys:
            continue
        a, b, allowed = _aligned(column, left[column], right[column])
        differing = np.flatnonzero(_differs(a, b, allowed))
        if len(differing):
            examples = "; ".join(
                f"{_row(left.iloc[i], keys)}: ours {left[column].iloc[i]!s}, theirs {right[column].iloc[i]!s}"
                for i in differing[:EXAMPLES]
            )
            found.append(f"{table_name}.{column}: {len(differing)} of {len(left)} rows differ: {examples}")
    return found


def _row(row: pd.Series, keys: list[str]) -> str:
    return "/".join(str(row[key]) for key in keys)


def _rows(frame: pd.DataFrame, places: np.ndarray, keys: list[str]) -> str:
    return "; ".join(_row(frame.iloc[place], keys) for place in places[:EXAMPLES])


def _codes(frame: pd.DataFrame) -> np.ndarray:
    """Number the distinct rows of a frame."""
    codes = np.zeros(len(frame), dtype="int64")
    for column in frame.columns:
        part, values = pd.factorize(frame[column], use_na_sentinel=False)
        codes, _ = pd.factorize(codes * (len(values) + 1) + part)
    return codes
