"""The lies, one for each way in which numbers of customer success have been made prettier than they are."""

from __future__ import annotations

from .lie import Lie

LEDGER = "models/marts/truth/fct_metric_values.sql"
FROM_FAMILIES = (
    "int_metric_fingerprints int_metric_components int_metric_grid int_metric_intervals fct_metric_values"
)
PUBLISHED = "published_metrics withheld_metrics"

LIES = [
    Lie(
        name="Unknown NPS counts as 0",
        file="models/marts/feedback/fct_nps_surveys.sql",
        honest="responses.score as nps_score,",
        told="coalesce(responses.score, 0) as nps_score,",
        rebuild="fct_nps_surveys",
        check="assert_survey_answers_are_kept_as_given",
    ),
    Lie(
        name="Detractors are dropped",
        file="models/marts/feedback/fct_nps_surveys.sql",
        honest="select * from {{ ref('stg_survey__response') }} where survey_type = 'NPS'",
        told="select * from {{ ref('stg_survey__response') }} where survey_type = 'NPS' and score > 6",
        rebuild="fct_nps_surveys",
        check="assert_survey_answers_are_kept_as_given",
    ),
    Lie(
        name="Churned households are dropped from the denominator",
        file="models/intermediate/metrics/int_metric_starts.sql",
        honest="    cast(is_customer as integer) as customers_at_start,\n",
        told="    cast(not has_churned as integer) as customers_at_start,\n",
        rebuild=f"int_metric_starts {FROM_FAMILIES} {PUBLISHED}",
        check="recount of metrics",
    ),
    Lie(
        name="A rate over too few is marked publishable",
        file=LEDGER,
        honest="when coalesce(components.sample_size, 0) < grid.min_sample",
        told="when coalesce(components.sample_size, 0) < 1",
        rebuild="fct_metric_values published_metrics",
        check="assert_published_metrics_deserve_it",
    ),
    Lie(
        name="A month that is not over is published",
        file=LEDGER,
        honest="when not grid.is_complete then",
        told="when false then",
        rebuild="fct_metric_values published_metrics",
        check="assert_published_metrics_deserve_it",
    ),
    Lie(
        name="A column that knows the outcome is added to the features",
        file="models/intermediate/churn/int_churn_snapshots.sql",
        honest="    end as days_to_left,\n",
        told="    end as days_to_left,\n    coalesce(outcomes.days_to_left, 999) as goodwill,\n",
        rebuild="int_churn_snapshots",
        check="assert_features_are_known_of_todays_customers",
    ),
    Lie(
        name="The label is leaked into the features",
        file="src/customer_success/churn/table.py",
        honest="roles = {spec.id, spec.label, spec.snapshot_date, spec.days_to_left}",
        told="roles = {spec.id, spec.snapshot_date}",
        check="churn/test_churn_leaks.py::test_an_ordinary_table_is_not_accused",
    ),
    Lie(
        name="AUC is computed on training rows",
        file="src/customer_success/churn/evaluate.py",
        honest="return data.take(np.isin(data.date, fitted.split.test))",
        told="return data.take(np.isin(data.date, fitted.split.train))",
        check="churn/test_churn_run.py::test_activity_alone_ranks_as_the_column",
    ),
    Lie(
        name="Split at random instead of by time",
        file="src/customer_success/churn/split.py",
        honest="distinct = np.unique(dates)",
        told="distinct = np.random.default_rng(0).permutation(np.unique(dates))",
        check="churn/test_churn_split.py::test_training_labels_were_known_by_the_first_test_snapshot",
    ),
    Lie(
        name="Health weights sum to 1.1",
        file="seeds/rules/health/health_parts.csv",
        honest="value_v2,value_delivery,0.30,",
        told="value_v2,value_delivery,0.40,",
        rebuild="health_parts",
        check="assert_health_weights_sum_to_one",
    ),
    Lie(
        name="Open invoices count as revenue",
        file="models/marts/billing/fct_payments.sql",
        honest="    select * from {{ ref('stg_stripe__charge') }}\n",
        told="""    select * from {{ ref('stg_stripe__charge') }}
    union all by name
    select 'of ' || invoice_id as charge_id, household_id, invoice_id, amount_due as amount, currency,
        'succeeded' as status, created_at
    from {{ ref('stg_stripe__invoice') }}
    where status in ('open', 'draft', 'uncollectible')
""",
        rebuild="fct_payments",
        check="assert_net_payments_are_charges_less_refunds",
    ),
    Lie(
        name="Refunds are ignored",
        file="models/marts/billing/fct_payments.sql",
        honest="    where status = 'succeeded'\n",
        told="    where status = 'reversed'\n",
        rebuild="fct_payments",
        check="assert_net_payments_are_charges_less_refunds",
    ),
    Lie(
        name="A window is off by one day",
        file="models/intermediate/health/int_activity_at_score_dates.sql",
        honest="cast(sum(daily.events) filter (where windows.days_before < 30) as bigint) as events_30,",
        told="cast(sum(daily.events) filter (where windows.days_before <= 30) as bigint) as events_30,",
        rebuild="int_activity_at_score_dates",
        full=True,
        check="assert_windows_hold_their_days",
    ),
    Lie(
        name="Dates are swapped in a difference",
        file="models/marts/support/fct_support_tickets.sql",
        honest="hours_between('created_at', 'resolved_at')",
        told="hours_between('resolved_at', 'created_at')",
        rebuild="fct_support_tickets",
        check="assert_ticket_hours_run_forward",
    ),
    Lie(
        name="Events delivered twice are counted twice",
        file="models/staging/product/stg_product__events.sql",
        honest="where quarantine_reason is null and not is_duplicate",
        told="where quarantine_reason is null",
        rebuild="stg_product__events fct_events",
        full=True,
        check="unique_fct_events_event_id",
    ),
    Lie(
        name="Two periods are mixed",
        file="models/intermediate/metrics/int_metric_starts.sql",
        honest="            and customers.period_start = churned.period_start\n",
        told="            and customers.period_start <= churned.period_start\n",
        rebuild=f"int_metric_starts {FROM_FAMILIES} {PUBLISHED}",
        check="recount of metrics",
    ),
    Lie(
        name="A definition is changed without a version",
        file="models/semantic/_feedback__semantic.yml",
        honest="        min_sample: 30\n        ci_method: adjusted_wald\n",
        told="        min_sample: 5\n        ci_method: adjusted_wald\n",
        rebuild="int_metric_nodes int_metric_definitions dim_metrics",
        check="assert_metric_definitions_are_locked",
    ),
    Lie(
        name="A simulated data set is labelled live",
        file=LEDGER,
        honest="case when max(dataset_kind) = 'synthetic' then 'synthetic' else 'live' end as dataset",
        told="'live' as dataset",
        rebuild="fct_metric_values",
        check="assert_synthetic_metrics_are_called_so",
    ),
    Lie(
        name="A metric's value is written in by hand",
        file=LEDGER,
        honest="components.value as raw_value,",
        told="case when grid.metric = 'nps' then 52 else components.value end as raw_value,",
        rebuild=f"fct_metric_values {PUBLISHED}",
        check="recount of metrics",
    ),
    Lie(
        name="A stale source is labelled fresh",
        file="models/intermediate/truth/int_source_freshness.sql",
        honest="else 'stale'",
        told="else 'fresh'",
        data="""
            update staging.base_survey__response set _fivetran_synced = _fivetran_synced - interval 20 day;
            update staging.base_survey__invitation set _fivetran_synced = _fivetran_synced - interval 20 day;
        """,
        rebuild="int_source_freshness int_metric_evidence fct_metric_values published_metrics",
        check="assert_published_metrics_deserve_it",
    ),
    Lie(
        name="The p-value of a claim is a constant",
        file="src/customer_success/claims/evidence.py",
        honest="p_value=compared.p_value,",
        told="p_value=0.01,",
        check="claims/test_claim_verdicts.py::test_the_p_value_is_that_of_the_test",
    ),
]
