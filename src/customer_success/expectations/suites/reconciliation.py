"""Reconciliation across sources: money, households, tickets and answers add up on both sides."""

from ..check import Check, Suite

SUITE = Suite(
    "reconciliation",
    (
        Check(
            "nothing_is_lost_between_raw_and_marts",
            "analytics.fct_source_reconciliation",
            "agree",
            "Of every raw table, rows and sums are in staging, in quarantine, erased, repeated or later",
            "raw files counted by the build",
            "reconciliation/nothing_is_lost_between_raw_and_marts",
        ),
        Check(
            "revenue_is_what_stripe_settled",
            "analytics.fct_payments",
            "agree",
            "Net amounts by month = charges that succeeded less succeeded refunds; invoices are no revenue",
            "staging.stg_stripe__charge and stg_stripe__refund",
            "reconciliation/revenue_is_what_stripe_settled",
            tolerance=1e-4,
        ),
        Check(
            "tickets_answers_and_events_are_counted_once",
            "analytics",
            "agree",
            "As many tickets, answers and events by month as desk, survey tool and app have",
            "staging.stg_zendesk__ticket, stg_survey__response, stg_product__events",
            "reconciliation/tickets_answers_and_events_are_counted_once",
        ),
        Check(
            "plans_are_those_of_stripe",
            "analytics.dim_households",
            "agree",
            "Each household has the highest plan it has a subscription in force for; without one, Free",
            "staging.stg_stripe__subscription_history at the end of the last day",
            "reconciliation/plans_are_those_of_stripe",
        ),
        Check(
            "mrr_is_what_the_subscriptions_cost",
            "analytics.fct_mrr_movements",
            "agree",
            "Closing MRR of each month = monthly price × quantity of all paid subscriptions, trials left out",
            "staging.stg_stripe__subscription_history and stg_stripe__price at the end of each month",
            "reconciliation/mrr_is_what_the_subscriptions_cost",
            tolerance=0.01,
        ),
        Check(
            "movements_add_up",
            "analytics.fct_mrr_movements",
            "movement",
            "Opening + new + expansion − contraction − churned + reactivation = closing, none below zero",
            "the rows themselves",
            "reconciliation/movements_add_up",
        ),
        Check(
            "few_loose_ends_between_sources",
            "quarantine.quarantine_zendesk",
            "between",
            "No organisation of the desk without household, at most a tenth of answers without invitation",
            "quarantine, staging.stg_survey__response and stg_survey__invitation",
            "reconciliation/few_loose_ends_between_sources",
            bounds=(0, 0.1),
            warns=True,
        ),
    ),
)
