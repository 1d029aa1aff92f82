"""The lies, one for each way in which numbers of customer success have been made prettier than they are."""

from __future__ import annotations

from .lie import Lie

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
        honest="then charges.amount - coalesce(refunds.amount_refunded, 0) else 0 end",
        told="then charges.amount else 0 end",
        rebuild="fct_payments",
        check="assert_net_payments_are_charges_less_refunds",
    ),
    Lie(
        name="A window is off by one day",
        file="models/intermediate/health/int_tickets_at_score_dates.sql",
        honest="count(*) filter (where age < 30) as tickets_30,",
        told="count(*) filter (where age <= 30) as tickets_30,",
        rebuild="int_tickets_at_score_dates",
        full=True,
        check="assert_windows_hold_their_days",
    ),
    Lie(
        name="Dates are swapped in a difference",
        file="models/marts/support/fct_support_tickets.sql",
        honest="hours_between('created_at', 'resolved_at')",
        told="hours_between('resolved_at', 'created_at')",
        rebuild="fct_support_tickets",
        check="hours_to_response_and_resolution_are_calendar_hours",
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
        name="The p-value of a claim is a constant",
        file="src/customer_success/claims/evidence.py",
        honest="p_value=compared.p_value,",
        told="p_value=0.01,",
        check="claims/test_claim_verdicts.py::test_the_p_value_is_that_of_the_test",
    ),
]
