"""The recount's reading of referrals, receipts, reviews and success plans; both readings agree."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from customer_success.recount.households import staging as pandas_staging
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.rules import Rules
from customer_success.recount.reading.contract import BY_NAME
from recount.raw_tables import AS_OF, EARLY, LATER, read, verdicts, write_households, write_parquet

CODE = {"household_id": "h1", "referral_code": "C1", "issued_at": EARLY}


def _referral(key: str | None, **more) -> dict:
    return {"id": key, "referral_code": None, "created_at": EARLY, **more}


def _folder(tmp_path, **tables: list[dict]):
    write_households(tmp_path)
    for name, rows in tables.items():
        write_parquet(tmp_path, f"cs.{name}", rows)
    return tmp_path


def _both(folder, table: str) -> dict[str, str]:
    """Return the verdicts of DuckDB's reading, after those of the reading with pandas were compared."""
    ours = verdicts(read(folder), table)
    staged = pandas_staging.stage(load_raw(folder), (AS_OF - date(1970, 1, 1)).days, Rules.read())
    frame = pandas_staging.quarantine_frame(staged)
    frame = frame[frame["table"] == table.removeprefix("cs.")]
    theirs = dict(zip(frame["row_key"], frame["reason"], strict=True))
    held = {key for key, said in ours.items() if said not in ("kept", "later", "deleted", "superseded")}
    assert {key or "" for key in held} == set(theirs)
    assert {key or "": ours[key] for key in held} == theirs
    return ours


def test_the_referrer_is_the_one_named_else_that_of_the_code(tmp_path):
    rows = [
        _referral("named", referrer_household_id="h2"),
        _referral("coded", referral_code="C1"),
        _referral("both", referrer_household_id="h2", referral_code="C1"),
        _referral("stranger_with_code", referrer_household_id="nobody", referral_code="C1"),
        _referral("stranger", referrer_household_id="nobody"),
        _referral("unknown_code", referral_code="C9"),
        _referral("neither"),
        _referral("of_bad", referrer_household_id="bad"),
    ]
    folder = _folder(tmp_path, referral_codes=[CODE], referrals=rows)
    assert _both(folder, "cs.referrals") == {
        "named": "kept",
        "coded": "kept",
        "both": "kept",
        "stranger_with_code": "kept",
        "stranger": "unknown_household",
        "unknown_code": "unknown_household",
        "neither": "unknown_household",
        "of_bad": "unknown_household",
    }
    connection = read(folder)
    found = connection.execute("select id, household_id from raw_kept.cs__referrals").fetchall()
    assert dict(found) == {"named": "h2", "coded": "h1", "both": "h2", "stranger_with_code": "h1"}


def test_a_household_is_referred_once_and_the_earliest_row_that_holds_counts(tmp_path):
    by = {"referrer_household_id": "h1", "referred_household_id": "h2"}
    hour = timedelta(hours=1)
    rows = [
        _referral("earliest_of_nobody", referral_code="C9", referred_household_id="h2")
        | {"created_at": EARLY - hour},
        _referral("second", **by, created_at=EARLY + hour),
        _referral("b_same_moment", **by),
        _referral("a_first", **by),
        _referral("of_later", referrer_household_id="h1", referred_household_id="later"),
        _referral("of_nobody", referrer_household_id="h1", referred_household_id="nobody"),
        _referral("pending_1", referrer_household_id="h1"),
        _referral("pending_2", referrer_household_id="h1"),
        _referral("not_yet", **by, created_at=LATER),
    ]
    folder = _folder(tmp_path, referral_codes=[CODE], referrals=rows)
    assert _both(folder, "cs.referrals") == {
        "earliest_of_nobody": "unknown_household",
        "a_first": "kept",
        "b_same_moment": "already_referred",
        "second": "already_referred",
        "of_later": "kept",
        "of_nobody": "unknown_household",
        "pending_1": "kept",
        "pending_2": "kept",
        "not_yet": "later",
    }
    connection = read(folder)
    found = connection.execute("select id, referred_household_id from raw_kept.cs__referrals").fetchall()
    assert dict(found) == {"a_first": "h2", "of_later": None, "pending_1": None, "pending_2": None}


def test_one_code_of_two_households_is_a_collision(tmp_path):
    rows = [CODE, CODE | {"household_id": "h2"}, CODE | {"referral_code": "C2"}]
    referrals = [_referral("collided", referral_code="C1"), _referral("sound", referral_code="C2")]
    folder = _folder(tmp_path, referral_codes=rows, referrals=referrals)
    assert _both(folder, "cs.referral_codes") == {"C1": "key_collision", "C2": "kept"}
    assert _both(folder, "cs.referrals") == {"collided": "unknown_household", "sound": "kept"}


STEP = {"playbook": "upsell", "status": "sent"}
PLAN = {"status": "active", "review_cadence": "monthly"}
CASES = [  # table, what holds, what does not, and why
    ("deliveries", STEP | {"household_id": None}, STEP | {"household_id": "nobody"}, "unknown_household"),
    ("deliveries", STEP | {"status": "done"}, STEP | {"status": "vanished"}, "unknown_status"),
    ("deliveries", STEP | {"survey_type": "NPS"}, STEP | {"survey_type": "phone"}, "bad_value"),
    ("reviews", {"rating": 1.0}, {"rating": 0.0}, "score_out_of_scale"),
    ("reviews", {"rating": 5.0}, {"rating": 6.0}, "score_out_of_scale"),
    ("reviews", {"rating": None}, {"rating": 4.5}, "score_out_of_scale"),
    ("reviews", {"rating": 4.0}, {"rating": 4.0, "platform": None}, "bad_value"),
    ("review_requests", {}, {"platform": None}, "bad_value"),
    ("lifecycle_overrides", {"stage": "at_risk"}, {"stage": "winning"}, "bad_value"),
    ("lifecycle_overrides", {"stage": "churned"}, {"stage": None}, "bad_value"),
    ("credits", {"amount": 0}, {"amount": -1}, "negative_amount"),
    ("credits", {"expires_at": EARLY}, {"expires_at": EARLY - timedelta(seconds=1)}, "end_before_start"),
    ("success_plans", PLAN, PLAN | {"status": "dreamt"}, "unknown_status"),
    ("success_plans", PLAN, PLAN | {"review_cadence": "daily"}, "bad_value"),
    ("advocacy_activities", {"activity": "podcast"}, {"household_id": "nobody"}, "unknown_household"),
]


def test_a_row_that_does_not_hold_has_its_reason(tmp_path):
    tables: dict[str, list[dict]] = {}
    expected: dict[str, dict[str, str]] = {}
    for number, (table, good, bad, reason) in enumerate(CASES):
        contract = BY_NAME[f"cs.{table}"]
        plain = {"household_id": "h1", "platform": "app_store", contract.own_date: EARLY}
        for key, row, said in ((f"good_{number}", good, "kept"), (f"bad_{number}", bad, reason)):
            row = plain | row | {contract.key[0]: key}
            tables.setdefault(table, []).append({n: v for n, v in row.items() if n in contract.columns})
            expected.setdefault(table, {})[key] = said
    folder = _folder(tmp_path, **tables)
    connection = read(folder)
    assert {table: verdicts(connection, f"cs.{table}") for table in tables} == expected
    credits = [row | {"reason": "goodwill"} for row in tables["credits"]]
    write_parquet(folder, "cs.credits", credits, reason=pa.string())
    staged = pandas_staging.stage(load_raw(folder), (AS_OF - date(1970, 1, 1)).days, Rules.read())
    frame = pandas_staging.quarantine_frame(staged)
    found = {(row.table, row.row_key.split("|")[0]): row.reason for row in frame.itertuples()}
    del found["households", "bad"]
    wanted = {(t, key): said for t, keys in expected.items() for key, said in keys.items() if said != "kept"}
    assert found == wanted


def test_criteria_follow_their_plan(tmp_path):
    criterion = {"name": "n", "metric": "nps", "baseline": 1.0, "target": 9.0, "created_at": EARLY}
    criteria = [criterion | {"id": "good", "plan_id": "p"}, criterion | {"id": "bad", "plan_id": "q"}]
    plans = [PLAN | {"id": "p", "household_id": "h1", "created_at": EARLY}]
    folder = _folder(tmp_path, success_plans=plans, success_criteria=criteria)
    assert _both(folder, "cs.success_criteria") == {"good": "kept", "bad": "unknown_household"}
