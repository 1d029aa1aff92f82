"""Lies where raw rows come in: a value that staging shows is not the one that was delivered."""

from __future__ import annotations

from ..lie import Lie, Replace

KIND = "staging"
CHECK = "staging against raw"
REPORTED = (
    "{{ in_reporting_currency('charges.amount', 'charges.currency', 'cast(charges.created as date)') }}"
)
KEPT = "where row_class = 'staged'"


def _lie(name: str, file: str, honest: str, planted: str, check: str = CHECK, full: bool = False) -> Lie:
    return Lie(name, KIND, (Replace(f"models/staging/{file}", honest, planted),), check, full)


LIES = [
    _lie(
        "Tickets are opened an hour later",
        "zendesk/stg_zendesk__ticket.sql",
        "    tickets.created_at,\n",
        "    tickets.created_at + interval 1 hour as created_at,\n",
    ),
    _lie(
        "Failed charges are mapped away",
        "stripe/stg_stripe__charge.sql",
        "    status,\n",
        "    case status when 'failed' then 'pending' else status end as status,\n",
    ),
    _lie(
        "A detractor's answer is marked as later than today",
        "survey/base/base_survey__response.sql",
        "    {{ with_household_state('raw_rows') }}\n",
        "    select * replace (is_later or (survey_type = 'NPS' and score < 3) as is_later)\n"
        "    from ({{ with_household_state('raw_rows') }})\n",
        "assert_no_raw_rows_are_lost",
    ),
    _lie(
        "A base model filters what it does not like",
        "zendesk/base/base_zendesk__ticket.sql",
        "raw_rows('zendesk', 'ticket', key=['id'], own_date='created_at')",
        "raw_rows('zendesk', 'ticket', key=['id'], own_date='created_at', where=\"status <> 'pending'\")",
        "assert_no_raw_rows_are_lost",
    ),
    _lie(
        "Members who left never joined",
        "app/stg_app__household_members.sql",
        KEPT,
        f"{KEPT} and left_at is null",
        "assert_no_raw_rows_are_lost",
    ),
    _lie(
        "Paid amounts grow by a hundredth",
        "stripe/stg_stripe__charge.sql",
        f"{REPORTED} as amount,",
        f"cast(1.01 * {REPORTED} as decimal(18, 4)) as amount,",
        "assert_no_raw_rows_are_lost",
    ),
    _lie(
        "An unknown score is the middle of the scale",
        "survey/stg_survey__response.sql",
        "cast(score as integer) as score,",
        "coalesce(cast(score as integer), 5) as score,",
    ),
    Lie(
        "Cancellations scheduled for the end of the period are hidden",
        KIND,
        (
            Replace(
                "macros/raw/subscription_version_columns.sql",
                "    cancel_at_period_end,\n",
                "    false as cancel_at_period_end,\n",
            ),
        ),
        CHECK,
    ),
    _lie(
        "Accounts that were closed stay open",
        "app/stg_app__households.sql",
        "{{ known_at_as_of_date('closed_at') }} as closed_at,",
        "cast(null as timestamp) as closed_at,",
    ),
    _lie(
        "Events delivered twice are counted twice",
        "product/stg_product__events.sql",
        "where row_class = 'staged'",
        "where row_class in ('staged', 'duplicate')",
        "unique_fct_events_event_id",
        full=True,
    ),
    _lie(
        "Signups of the last week are dated a month back",
        "app/stg_app__households.sql",
        "    created_at,\n",
        "    case when created_at >= {{ as_of_end() }} - interval 7 day then created_at - interval 30 day\n"
        "        else created_at end as created_at,\n",
    ),
]
