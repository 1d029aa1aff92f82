"""Lies in an honest staging, each with the message of the proof."""

from __future__ import annotations


def lying_view(model: str, replaced: str) -> str:
    """Return SQL that puts a view with other values in the place of a staging model."""
    return (
        f"alter view staging.{model} rename to honest;"
        f"create view staging.{model} as select {replaced} from staging.honest"
    )


A_SCORE = "(select min(response_id) from staging.stg_survey__response where score <= 6)"
STRANGER = "(select min(id) from staging.base_app__tasks where quarantine_reason = 'unknown_household')"
# name: (SQL on an honest build, words that the message must have)
LIES = {
    "hour_shifted": (
        lying_view("stg_survey__response", "* replace (responded_at + interval 1 hour as responded_at)"),
        "stg_survey__response.responded_at",
    ),
    "hour_of_events_shifted": (
        "update staging.base_product__events set event_at = event_at + interval 1 hour",
        "stg_product__events.event_at",
    ),
    "status_mapped_away": (
        lying_view("stg_stripe__charge", "* replace (replace(status, 'failed', 'succeeded') as status)"),
        "stg_stripe__charge.status",
    ),
    "detractor_marked_later": (
        f"update staging.base_survey__response set row_class = 'later' where id = {A_SCORE}",
        "stg_survey__response has",
    ),
    "filter_in_a_base_model": (
        "delete from staging.base_app__pets where species = 'cat'",
        "stg_app__pets has",
    ),
    "row_dropped": (
        "delete from staging.base_zendesk__ticket"
        " where id = (select min(ticket_id) from staging.stg_zendesk__ticket)",
        "stg_zendesk__ticket has",
    ),
    "event_dropped": (
        "delete from staging.base_product__events where event_id = (select max(event_id) from"
        " staging.base_product__events where row_class = 'staged')",
        "stg_product__events has",
    ),
    "row_twice": (
        "insert into staging.base_cs__check_ins from staging.base_cs__check_ins"
        " where row_class = 'staged' limit 1",
        "stg_cs__check_ins has",
    ),
    "amount_scaled": (
        lying_view("stg_stripe__charge", "* replace (cast(amount * 1.1 as decimal(18, 4)) as amount)"),
        "stg_stripe__charge.amount differs",
    ),
    "amount_in_minor_units": (
        lying_view(
            "stg_stripe__price", "* replace (cast(unit_amount * 100 as decimal(28, 14)) as unit_amount)"
        ),
        "stg_stripe__price.unit_amount differs",
    ),
    "unknown_score_is_0": (
        lying_view("stg_survey__response", "* replace (coalesce(score, 0) as score)"),
        "stg_survey__response.score",
    ),
    "household_reassigned": (
        "update staging.base_stripe__customer"
        " set household_id = (select min(household_id) from staging.stg_app__households)"
        " where id = (select max(id) from staging.base_stripe__customer)",
        "stg_stripe__customer.household_id",
    ),
    "people_swapped": (
        lying_view(
            "stg_app__users",
            "* replace (case user_id when (select min(user_id) from staging.honest)"
            " then (select max_by(email, user_id) from staging.honest)"
            " when (select max(user_id) from staging.honest)"
            " then (select min_by(email, user_id) from staging.honest) else email end as email)",
        ),
        "stg_app__users.email differs from raw app.users in 2 of",
    ),
    "other_copy_kept": (
        "update staging.base_product__events as kept set received_at = other.received_at"
        " from staging.base_product__events as other where kept.event_id = other.event_id"
        " and kept.row_class = 'staged' and other.row_class = 'duplicate'"
        " and other.received_at > kept.received_at",
        "stg_product__events.received_at",
    ),
    "flag_flipped": (
        lying_view("stg_app__tasks", "* replace (not is_recurring as is_recurring)"),
        "stg_app__tasks.is_recurring",
    ),
    "comment_trimmed": (
        lying_view("stg_survey__response", "* replace (left(comment, 20) as comment)"),
        "stg_survey__response.comment",
    ),
    "number_in_another_type": (
        lying_view("stg_survey__response", "* replace (cast(score as double) as score)"),
        "stg_survey__response.score: its type is DOUBLE",
    ),
    "column_without_a_proof": (
        lying_view("stg_app__users", "*, true as is_loyal"),
        "stg_app__users.is_loyal: it has no proof",
    ),
    "column_missing": (
        lying_view("stg_app__users", "* exclude (email)"),
        "stg_app__users.email: it is missing",
    ),
    "model_without_a_proof": (
        "create view staging.stg_app__loyalty as select 1 as points",
        "stg_app__loyalty has no proof",
    ),
    "model_missing": ("drop view staging.stg_hubspot__owner", "stg_hubspot__owner is missing"),
    "quarantined_row_passed": (
        "update staging.base_app__tasks set row_class = 'staged', quarantine_reason = null"
        f" where id = {STRANGER}",
        "stg_app__tasks has",
    ),
    "another_reason": (
        f"update staging.base_app__tasks set quarantine_reason = 'bad_value' where id = {STRANGER}",
        "base_app__tasks holds back",
    ),
    "quarantine_emptied": (
        "delete from quarantine.quarantine_stripe",
        "quarantine.quarantine_stripe, of charge",
    ),
    "reason_hidden_in_quarantine": (
        "update quarantine.quarantine_survey set reason = 'null_key'",
        "quarantine.quarantine_survey, of response",
    ),
    "row_as_it_never_came": (
        "update quarantine.quarantine_app set row_json = '{}'",
        "quarantine.quarantine_app, of pets",
    ),
    "superseded_row_said_to_be_deleted": (
        "update staging.base_stripe__charge set row_class = 'deleted' where row_class = 'superseded'",
        "base_stripe__charge holds back",
    ),
    "later_row_forgotten": (
        "delete from staging.base_app__tasks where row_class = 'later'",
        "base_app__tasks holds back",
    ),
    "source_made_fresh": (
        "update staging.base_zendesk__user set _fivetran_synced = _fivetran_synced + interval 9 day",
        "stg_zendesk__user._fivetran_synced",
    ),
    "events_made_fresh": (
        "update staging.base_product__events set _fivetran_synced = _fivetran_synced + interval 9 day",
        "stg_product__events._fivetran_synced",
    ),
    "source_made_fresh_by_a_later_row": (
        "update staging.base_app__tasks"
        " set _fivetran_synced = _fivetran_synced + interval 9 day where row_class = 'later'",
        "base_app__tasks has rows loaded until",
    ),
}
