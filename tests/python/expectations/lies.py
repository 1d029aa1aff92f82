"""Lies, one at a time: SQL that makes a true warehouse false, and the check that has to notice.

`None` as SQL changes nothing. Lies about metrics change a few published values that are made for it.
"""

from __future__ import annotations

from typing import NamedTuple


class Lie(NamedTuple):
    """The name of a lie, the check that must catch it, and its SQL."""

    name: str
    check: str
    sql: str


# As the independent computation has them, for half a year.
TRUE_METRICS = """
create or replace table analytics.dim_metrics as
select * from (values
    ('nps', 'survey', 30, 'h1'),
    ('household_churn_rate', 'app, product', 30, 'h2'),
    ('user_retention_d7', 'product', 30, 'h3'),
    ('user_retention_d30', 'product', 30, 'h4')
) as t (metric, source_of_truth, min_sample, definition_hash);

create or replace table analytics.published_metrics as
select
    metric,
    'half_year' as period_grain,
    as_of() - 210 as period_start,
    as_of() - 31 as period_end,
    'all' as segment_type,
    'all' as segment,
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    40 as sample_size,
    cast(null as double) as value,
    definition_hash,
    as_of() as as_of_date,
    'synthetic' as dataset
from analytics.dim_metrics;
"""

LIES = [
    Lie(
        "a detractor is forgotten",
        "nps.each_detractor_has_a_loop",
        "delete from analytics.fct_feedback_loops where loop_id = (select min(loop_id)"
        " from analytics.fct_feedback_loops where origin = 'nps' and kind = 'resolution')",
    ),
    Lie(
        "unknown NPS filled with 0",
        "nps.categories_follow_the_scores",
        "update analytics.fct_nps_surveys set nps_score = 0, nps_category = 'Detractor'"
        " where nps_score is null",
    ),
    Lie(
        "unknown NPS filled with 0 is not unknown",
        "nps.each_answer_is_there_with_its_score",
        "update analytics.fct_nps_surveys set nps_score = 0 where nps_score is null",
    ),
    Lie(
        "detractors dropped",
        "nps.each_answer_is_there_with_its_score",
        "delete from analytics.fct_nps_surveys where nps_category = 'Detractor'",
    ),
    Lie(
        "passives called promoters",
        "nps.score_follows_the_formula",
        "update analytics.fct_nps_surveys set nps_category = 'Promoter' where nps_category = 'Passive'",
    ),
    Lie(
        "a hard-coded NPS",
        "nps.published_nps_follows_the_formula",
        "update analytics.published_metrics set value = 72 where metric = 'nps'",
    ),
    Lie(
        "the window of silence off by one day",
        "churn.spells_begin_on_the_first_churned_day",
        "update analytics.fct_churn_events set churned_at = churned_at - 1 where churn_type = 'dark'",
    ),
    Lie(
        "returns forgotten",
        "churn.spells_end_on_the_day_of_return",
        "update analytics.fct_churn_events set reactivated_at = null",
    ),
    Lie(
        "a spell invented",
        "churn.spells_begin_on_the_first_churned_day",
        "insert into analytics.fct_churn_events by name"
        " select * replace (churn_number + 1000 as churn_number) from analytics.fct_churn_events limit 1",
    ),
    Lie(
        "lapses called silence",
        "churn.types_follow_the_way_of_leaving",
        "update analytics.fct_churn_events set churn_type = 'dark' where churn_type = 'lapsed'",
    ),
    Lie(
        "silent ones left when it was noticed",
        "churn.left_at_is_when_it_really_left",
        "update analytics.fct_churn_events set left_at = churned_at where churn_type = 'dark'",
    ),
    Lie(
        "the churned kept as customers",
        "churn.customers_are_who_is_not_churned",
        "update analytics.dim_households set is_active = true",
    ),
    Lie(
        "the churned dropped from the denominator",
        "churn.published_rate_keeps_the_churned_in_its_denominator",
        "update analytics.published_metrics set value = value / (1 - value)"
        " where metric = 'household_churn_rate'",
    ),
    Lie(
        "a source that was not loaded for 60 hours",
        "sources.sources_are_fresh",
        "update staging.base_survey__response"
        " set _fivetran_synced = cast(as_of() + 1 as timestamp) - interval 60 hour;"
        " update staging.base_survey__invitation"
        " set _fivetran_synced = cast(as_of() + 1 as timestamp) - interval 60 hour",
    ),
    Lie(
        "a stale source labelled fresh",
        "sources.nothing_stale_is_published",
        "update staging.base_survey__response"
        " set _fivetran_synced = cast(as_of() + 1 as timestamp) - interval 80 hour;"
        " update staging.base_survey__invitation"
        " set _fivetran_synced = cast(as_of() + 1 as timestamp) - interval 80 hour",
    ),
    Lie(
        "a payment that Stripe does not know",
        "sources.each_row_is_one_of_its_source",
        "insert into analytics.fct_payments by name"
        " select * replace ('invented' as charge_id) from analytics.fct_payments limit 1",
    ),
    Lie(
        "a payment twice",
        "sources.each_row_is_one_of_its_source",
        "insert into analytics.fct_payments from analytics.fct_payments limit 1",
    ),
    Lie(
        "a synthetic data set labelled live",
        "sources.synthetic_data_are_called_synthetic",
        "update staging.base_meta__dataset set kind = 'live';"
        " update analytics.dim_households set is_synthetic = false",
    ),
    Lie(
        "synthetic households called live",
        "sources.synthetic_data_are_called_synthetic",
        "update analytics.dim_households set is_synthetic = false",
    ),
    Lie(
        "a synthetic metric published as live",
        "sources.published_metrics_say_which_data_they_are_of",
        "update analytics.published_metrics set dataset = 'live' where metric = 'nps'",
    ),
    Lie(
        "members left out of every cohort",
        "cohorts.each_member_is_in_one_cohort",
        "delete from analytics.dim_members where left_at is not null",
    ),
    Lie(
        "a member in two cohorts",
        "cohorts.each_member_is_in_one_cohort",
        "insert into analytics.dim_members by name select * replace"
        " (joined_at - interval 60 day as joined_at) from analytics.dim_members"
        " order by joined_at desc limit 1",
    ),
    Lie(
        "members moved into the month after",
        "cohorts.cohorts_of_members_are_complete",
        "update analytics.dim_members set joined_at = joined_at + interval 31 day",
    ),
    Lie(
        "households that left dropped from their cohort",
        "cohorts.cohorts_of_households_are_complete",
        "delete from analytics.dim_households where not is_active",
    ),
    Lie(
        "joining a day late",
        "cohorts.dates_are_aligned",
        "update analytics.dim_members set joined_at = joined_at + interval 1 day",
    ),
    Lie(
        "leaving and joining swapped",
        "cohorts.dates_are_aligned",
        "update analytics.dim_members set joined_at = left_at, left_at = joined_at where left_at is not null",
    ),
    Lie(
        "day 7 off by one day",
        "retention.day_7_counts_exactly_that_day",
        "update analytics.fct_household_activity set activity_date = activity_date + 1",
    ),
    Lie(
        "members who left dropped from day 30",
        "retention.day_30_counts_exactly_that_day",
        "delete from analytics.dim_members where left_at is not null",
    ),
    Lie(
        "a flattering day 7",
        "retention.published_day_7_counts_exactly_that_day",
        "update analytics.published_metrics set value = value + 0.01 where metric = 'user_retention_d7'",
    ),
    Lie(
        "a flattering day 30",
        "retention.published_day_30_counts_exactly_that_day",
        "update analytics.published_metrics set value = value + 0.01 where metric = 'user_retention_d30'",
    ),
    Lie(
        "health weights that sum to 1.1",
        "health.weights_sum_to_one",
        "update rules.health_parts set weight = weight + 0.1"
        " where health_model = 'value_v2' and part = 'payment'",
    ),
    Lie(
        "ten points of usage for every household",
        "health.parts_are_what_their_formulas_give",
        "update analytics.fct_health_scores set product_usage_score = least(product_usage_score + 10, 100)"
        " where health_model = 'value_v2'",
    ),
    Lie(
        "a score one point higher than its parts",
        "health.parts_are_what_their_formulas_give",
        "update analytics.fct_health_scores set overall_score = overall_score + 1"
        " where health_model = 'value_v2'",
    ),
    Lie(
        "scores without their households",
        "health.parts_are_what_their_formulas_give",
        "delete from analytics.fct_health_scores where score_date = as_of()",
    ),
    Lie(
        "a back-test on a part of the outcomes",
        "health.judged_by_all_outcomes_that_are_known",
        "update analytics.rpt_health_backtest set n = n - 10",
    ),
    Lie(
        "a score that ranks the wrong way round",
        "health.lower_bands_leave_more",
        "update analytics.rpt_health_backtest_bands set rate = 1 - rate",
    ),
    Lie(
        "every invitation answered",
        "surveys.answered_is_what_has_an_answer",
        "update analytics.fct_survey_invitations set is_responded = true",
    ),
    Lie(
        "hardly anybody answered",
        "surveys.enough_of_those_asked_answered",
        "delete from staging.base_survey__response where hash(id) % 20 > 0",
    ),
    Lie(
        "a handful of answers",
        "surveys.enough_households_answered",
        "delete from staging.base_survey__response where hash(id) % 20 > 0",
    ),
    Lie(
        "an NPS of a handful of answers",
        "surveys.published_nps_has_its_sample",
        "update analytics.published_metrics set period_start = period_end where metric = 'nps'",
    ),
    Lie(
        "rows lost on the way",
        "reconciliation.nothing_is_lost_between_raw_and_marts",
        "update analytics.fct_source_reconciliation set discrepancy = 3 where source = 'stripe'",
    ),
    Lie(
        "refunds ignored",
        "reconciliation.revenue_is_what_stripe_settled",
        "update analytics.fct_payments set net_amount = amount where status = 'succeeded'",
    ),
    Lie(
        "open invoices counted as revenue",
        "reconciliation.revenue_is_what_stripe_settled",
        "insert into analytics.fct_payments by name select invoice_id as charge_id, household_id, invoice_id,"
        " amount_due as amount, amount_due as net_amount, 'succeeded' as status,"
        " cast(created_at as date) as payment_date"
        " from staging.stg_stripe__invoice where status in ('open', 'void', 'uncollectible')",
    ),
    Lie(
        "duplicate events counted twice",
        "reconciliation.tickets_answers_and_events_are_counted_once",
        "insert into analytics.fct_events from analytics.fct_events limit 10",
    ),
    Lie(
        "tickets that were solved dropped",
        "reconciliation.tickets_answers_and_events_are_counted_once",
        "delete from analytics.fct_support_tickets where resolved_at is not null",
    ),
    Lie(
        "trials without a plan",
        "reconciliation.plans_are_those_of_stripe",
        "update analytics.dim_households set plan_type = 'Free' where plan_type = 'Premium'",
    ),
    Lie(
        "annual plans counted by the year",
        "reconciliation.mrr_is_what_the_subscriptions_cost",
        "update analytics.fct_mrr_movements set mrr_closing = 12 * mrr_closing where mrr_closing > 0",
    ),
    Lie(
        "an expansion without a payment",
        "reconciliation.movements_add_up",
        "update analytics.fct_mrr_movements set expansion = expansion + 1",
    ),
    Lie(
        "a loss booked as a negative gain",
        "reconciliation.movements_add_up",
        "update analytics.fct_mrr_movements set expansion = -contraction, contraction = 0"
        " where contraction > 0",
    ),
    Lie(
        "organisations without a household",
        "reconciliation.few_loose_ends_between_sources",
        "insert into quarantine.quarantine_zendesk"
        " select 'zendesk', 'organization', 'x', 'unknown_household', null",
    ),
    Lie(
        "a rate of other parts",
        "published_metrics.each_rate_is_its_numerator_over_its_denominator",
        "update analytics.published_metrics set numerator = 1, denominator = 3, value = 0.34"
        " where metric <> 'nps'",
    ),
    Lie(
        "an NPS in the wrong unit",
        "published_metrics.each_rate_is_its_numerator_over_its_denominator",
        "update analytics.published_metrics set numerator = 1, denominator = 4, value = 0.25"
        " where metric = 'nps'",
    ),
    Lie(
        "a rate over nothing",
        "published_metrics.each_rate_is_its_numerator_over_its_denominator",
        "update analytics.published_metrics set numerator = 0, denominator = 0, value = 0"
        " where metric <> 'nps'",
    ),
    Lie(
        "an incomplete month published",
        "published_metrics.nothing_is_published_that_may_not_be",
        "update analytics.published_metrics set period_end = as_of() + 1 where metric = 'nps'",
    ),
    Lie(
        "a rate over fewer than 30 published",
        "published_metrics.nothing_is_published_that_may_not_be",
        "update analytics.published_metrics set sample_size = 29 where metric = 'household_churn_rate'",
    ),
    Lie(
        "a definition changed without a new hash",
        "published_metrics.nothing_is_published_that_may_not_be",
        "update analytics.dim_metrics set definition_hash = 'another' where metric = 'nps'",
    ),
    Lie(
        "a day of the past rewritten",
        "point_in_time.past_days_stay_what_they_were",
        "update analytics.fct_household_daily set active_members = active_members + 1"
        " where activity_date = as_of() - 20",
    ),
    Lie(
        "a day of the past lost",
        "point_in_time.past_days_stay_what_they_were",
        "delete from analytics.fct_household_daily where activity_date = as_of() - 20",
    ),
]
