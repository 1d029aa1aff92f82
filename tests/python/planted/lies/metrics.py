"""Lies in the SQL of metrics: a numerator, a denominator, a sample or a status that was not counted."""

from __future__ import annotations

from ..lie import Lie, Raw, Replace

KIND = "metrics"
VALUES = "models/marts/metrics/fct_metric_values.sql"
STARTS = "models/intermediate/metrics/int_metric_starts.sql"
TICKETS = "models/intermediate/metrics/int_metric_tickets.sql"
ENDS = "models/intermediate/metrics/int_metric_ends.sql"
SURVEYS = "models/intermediate/metrics/int_metric_surveys.sql"
RECOUNT = "recount of metrics"


def _lie(name: str, file: str, honest: str, planted: str, check: str = RECOUNT, full: bool = False) -> Lie:
    return Lie(name, KIND, (Replace(file, honest, planted),), check, full)


LIES = [
    _lie(
        "Unknown NPS counts as 0",
        "models/marts/feedback/fct_nps_surveys.sql",
        "responses.score as nps_score,",
        "coalesce(responses.score, 0) as nps_score,",
        "assert_survey_answers_match_responses",
    ),
    _lie(
        "Detractors are dropped",
        "models/marts/feedback/fct_nps_surveys.sql",
        "select * from {{ ref('stg_survey__response') }} where survey_type = 'NPS'",
        "select * from {{ ref('stg_survey__response') }} where survey_type = 'NPS' and score > 6",
        "assert_survey_answers_match_responses",
    ),
    _lie(
        "Churned households are dropped from the denominator",
        STARTS,
        "    cast(is_customer as integer) as customers_at_start,\n",
        "    cast(not has_churned as integer) as customers_at_start,\n",
    ),
    _lie(
        "Two periods are mixed",
        STARTS,
        "            and customers.period_start = churned.period_start\n",
        "            and customers.period_start <= churned.period_start\n",
    ),
    _lie(
        "A metric's value is written in by hand",
        VALUES,
        "components.value as raw_value,",
        "case when grid.metric = 'nps' then 52 else components.value end as raw_value,",
        "assert_metric_values_follow_from_their_components",
    ),
    _lie(
        "A numerator is one too large where it is small",
        VALUES,
        "        components.numerator,\n",
        "        cast(\n"
        "            components.numerator\n"
        "            + cast(grid.metric = 'one_touch_rate' and components.numerator < 20 as integer)\n"
        "            as decimal(28, 6)\n"
        "        ) as numerator,\n",
        "assert_metric_segments_add_up",
    ),
    _lie(
        "Unknown answers are reported as none",
        VALUES,
        "coalesce(components.unknown_count, 0) as unknown_count,",
        "cast(0 as bigint) as unknown_count,",
    ),
    _lie(
        "Tickets solved within a day of the deadline count as in time",
        TICKETS,
        "'solutions.solved_at <= tickets.created_at + to_hours(classified.resolution_sla_hours)',",
        "'solutions.solved_at <= tickets.created_at + to_hours(classified.resolution_sla_hours + 24)',",
    ),
    _lie(
        "Customers without any feature are dropped from adoption",
        ENDS,
        "    where states.is_customer or states.is_paying\n",
        "    where states.is_paying or (states.is_customer and used.features_used > 0)\n",
    ),
    # In the small company no publishable value changes: too few households answer twice in a period.
    Lie(
        "The best answer of a household counts, not the last",
        KIND,
        (
            Replace(
                SURVEYS,
                "max_by(answers.nps_score, (answers.responded_at, answers.response_id))",
                "max(answers.nps_score)",
            ),
        ),
        RECOUNT,
        model=True,
    ),
    _lie(
        "Flow metrics take the segment at the end",
        TICKETS,
        "on summed.household_id = states.household_id and summed.start_day = states.state_day",
        "on summed.household_id = states.household_id and summed.period_end = states.state_day",
    ),
    _lie(
        "A rate over too few is marked publishable",
        VALUES,
        "when coalesce(components.sample_size, 0) < grid.min_sample",
        "when coalesce(components.sample_size, 0) < 1",
        "assert_published_metrics_meet_the_rules",
    ),
    _lie(
        "A month that is not over is published",
        VALUES,
        "when not grid.is_complete then",
        "when false then",
        "assert_published_metrics_meet_the_rules",
    ),
    _lie(
        "A simulated data set is labelled live",
        VALUES,
        "case when max(dataset_kind) = 'synthetic' then 'synthetic' else 'live' end as dataset",
        "'live' as dataset",
        "assert_synthetic_metrics_are_marked_synthetic",
    ),
    Lie(
        "A stale source is labelled fresh",
        KIND,
        (
            Raw(
                "survey.response",
                "select * replace (_fivetran_synced - interval 20 day as _fivetran_synced) from rows",
            ),
            Raw(
                "survey.invitation",
                "select * replace (_fivetran_synced - interval 20 day as _fivetran_synced) from rows",
            ),
            Replace("models/intermediate/quality/int_source_freshness.sql", "else 'stale'", "else 'fresh'"),
        ),
        "assert_freshness_follows_from_age",
    ),
    _lie(
        "Open invoices count as revenue",
        "models/marts/billing/fct_payments.sql",
        "    select * from {{ ref('stg_stripe__charge') }}\n",
        """    select * from {{ ref('stg_stripe__charge') }}
    union all by name
    select 'of ' || invoice_id as charge_id, household_id, invoice_id, amount_due as amount, currency,
        'succeeded' as status, created_at
    from {{ ref('stg_stripe__invoice') }}
    where status in ('open', 'draft', 'uncollectible')
""",
        "assert_net_payments_are_charges_less_refunds",
    ),
    _lie(
        "Refunds are ignored",
        "models/marts/billing/fct_payments.sql",
        "    where status = 'succeeded'\n",
        "    where status = 'reversed'\n",
        "assert_net_payments_are_charges_less_refunds",
    ),
    _lie(
        "Dates are swapped in a difference",
        "models/marts/support/fct_support_tickets.sql",
        "hours_between('created_at', 'resolved_at')",
        "hours_between('resolved_at', 'created_at')",
        "assert_ticket_hours_run_forward",
    ),
]
