"""Columns that a mart repeats from a table that another proof holds: staging, or an earlier mart.

Read as: mart, key, query. All rows are compared.
"""

from __future__ import annotations

from .held import Held

FIGURES = (
    *("claimed_value", "tolerance", "value_a", "value_b", "difference", "ci_low", "ci_high"),
    *("p_value", "p_value_corrected"),
)
ID, SCORED = ("household_id",), ("household_id", "score_date")
CELL = ("metric", "period_grain", "period_start", "segment_type", "segment")

# Marts that rename or pick out rows of staging models.
OF_STAGING = (
    Held(
        "dim_members",
        ("member_id",),
        "select member_id, household_id, user_id, role, joined_at, left_at, left_at is null as is_current"
        " from staging.stg_app__household_members",
    ),
    Held(
        "dim_members_pii",
        ("member_id",),
        "select member_id, household_id, user_id, full_name, email from staging.stg_app__household_members"
        " left join (select user_id, full_name, email from staging.stg_app__users) using (user_id)",
    ),
    Held(
        "dim_csms",
        ("owner_id",),
        "select owner_id, full_name, coalesce(told.role, owners.role) as role,"
        " coalesce(told.specialization, owners.specialization) as specialization,"
        " coalesce(told.regions, owners.regions) as regions,"
        " coalesce(told.portfolio_size, owners.portfolio_size) as portfolio_size"
        " from (from staging.stg_hubspot__owner where not is_deleted) as owners"
        " left join staging.stg_cs__csms as told on lower(trim(owners.email)) = told.email",
    ),
    Held(
        "dim_lifecycle_stages",
        ("stage",),
        "select stage, position, min_days, max_days, entry_criteria, exit_criteria, key_metrics, activities"
        " from rules.lifecycle_stages",
    ),
    Held("dim_features", ("feature_name",), "select feature_name, tier, plans from rules.features"),
    Held(
        "dim_households",
        ID,
        "select household_id, household_name, full_name as owner_name, region, households.created_at,"
        " acquisition_channel, least(households.created_at::date, first_day) as signup_date"
        " from staging.stg_app__households as households"
        " left join (select household_id, min(valid_from) as first_day"
        " from intermediate.int_subscription_periods"
        " where is_in_force and (closed_date is null or valid_from < closed_date) group by household_id)"
        " using (household_id)"
        " left join staging.stg_app__users as users on owner_user_id = user_id",
    ),
    Held(
        "fct_events",
        ("event_id",),
        "select event_id, household_id, user_id, event_name as event, event_at, event_date, received_at,"
        " feature_name, pet_id, task_id, page from staging.stg_product__events",
    ),
    Held(
        "fct_nps_surveys",
        ("response_id",),
        "select response_id, responses.household_id, responses.user_id, score as nps_score,"
        " (select category from rules.nps_categories where score between min_score and max_score)"
        " as nps_category, comment as nps_comment, responded_at::date as survey_date, responded_at, trigger"
        " from staging.stg_survey__response as responses"
        " left join staging.stg_survey__invitation using (invitation_id)"
        " where responses.survey_type = 'NPS'",
    ),
    Held(
        "fct_csat_responses",
        ("response_id",),
        "select response_id, household_id, ticket_id, score as csat_score, responded_at"
        " from staging.stg_survey__response where survey_type = 'CSAT'",
    ),
    Held(
        "fct_survey_invitations",
        ("invitation_id",),
        "select invitation_id, any_value(columns(sent.* exclude (invitation_id, _fivetran_synced))),"
        " min(answers.responded_at) as responded_at, count(answers.response_id) > 0 as is_responded"
        " from staging.stg_survey__invitation as sent"
        " left join staging.stg_survey__response as answers using (invitation_id) group by invitation_id",
    ),
    Held(
        "fct_support_tickets",
        ("ticket_id",),
        "select ticket_id, household_id, subject as issue_title, created_at from staging.stg_zendesk__ticket",
    ),
)

# Marts that show a value of another mart again.
OF_MARTS = (
    Held(
        "fct_retention_health",
        SCORED,
        "select household_id, score_date, overall_score, known_weight, product_usage_score,"
        " engagement_score, support_score, financial_score, relationship_score"
        " from analytics.fct_health_scores where health_model = 'retention_b2b'",
    ),
    Held(
        "customer_health_scores",
        ("customer_id", "score_date"),
        "select * rename (household_id as customer_id, health_trend as trend)"
        " from analytics.fct_retention_health",
    ),
    Held(
        "fct_message_sentiment",
        ("message_id",),
        "with written as ("
        "select 'ticket_comment:' || comment_id as message_id, household_id, 'ticket' as channel, created_at"
        " from staging.stg_zendesk__ticket_comment where is_public and household_id is not null"
        " union all select 'survey_response:' || response_id, household_id, 'survey', responded_at"
        " from staging.stg_survey__response)"
        " select written.*, scored.* exclude (message_id, text_hash)"
        " from intermediate.ml_message_sentiment as scored join written using (message_id)",
    ),
    Held(
        "customer_sentiment",
        ("interaction_id",),
        "select household_id as customer_id, message_id as interaction_id, channel, sentiment,"
        " compound as score, emotions, primary_complaint as issues_detected, created_at as analyzed_at"
        " from analytics.fct_message_sentiment",
    ),
    Held(
        "account_health_logs",
        ("account_id", "logged_at", "sentiment", "frustration_score", "primary_complaint", "number"),
        "select household_id as account_id, created_at as logged_at, sentiment, frustration_score,"
        " primary_complaint, count(*) as number from analytics.fct_message_sentiment group by all",
        shown="(select *, count(*) as number from analytics.account_health_logs group by all)",
    ),
    Held(
        "dim_households",
        ID,
        "select household_id, health_score, health_segment, churn_probability"
        " from staging.stg_app__households"
        " left join (from analytics.fct_customer_health where is_current) using (household_id)"
        " left join analytics.ml_churn_predictions using (household_id)",
    ),
    Held(
        "fct_customer_profiles",
        ID,
        "select household_id, health.health_score, health.nps_score, member_count as total_members,"
        " days_since_signup, households.churn_probability from analytics.dim_households as households"
        " join analytics.fct_customer_health as health using (household_id) where is_current",
    ),
    Held(
        "dim_metrics",
        ("metric",),
        "select metric, label, description, definition, conventions, unit, direction, source_of_truth,"
        " owner, min_sample, ci_method, segment_at, version, definition_hash"
        " from intermediate.int_metric_definitions",
    ),
    Held(
        "fct_metric_values",
        CELL,
        "select metric, period_grain, period_start, segment_type, segment, ci_method,"
        " version as definition_version, definition_hash from analytics.dim_metrics"
        " join (select metric, period_grain, period_start, segment_type, segment"
        " from analytics.fct_metric_values) using (metric)",
    ),
    Held(
        "fct_metric_values",
        CELL,
        "select metric, period_grain, period_start, segment_type, segment, numerator, denominator,"
        " coalesce(sample_size, 0) as sample_size, coalesce(unknown_count, 0) as unknown_count,"
        " components.value as raw_value, if(isnan(ci_low), null, ci_low) as ci_low,"
        " if(isnan(ci_high), null, ci_high) as ci_high from intermediate.int_metric_grid"
        " left join intermediate.int_metric_components as components"
        " using (metric, period_grain, period_start, segment_type, segment)"
        " left join intermediate.int_metric_intervals"
        " using (metric, period_grain, period_start, segment_type, segment)",
    ),
    Held(
        "fct_claim_verdicts",
        ("claim_id",),
        f"select * replace ({', '.join(f'if(isnan({name}), null, {name}) as {name}' for name in FIGURES)})"
        " from intermediate.int_claim_verdicts",
    ),
    Held(
        "ml_survival_predictions",
        ID,
        "with predicted as (select json_extract_string(content, '$.household_id') as household_id,"
        " json_extract_string(content, '$.note') as note from intermediate.ml_survival_run"
        " where output = 'predictions'),"
        " fit as (select json_extract_string(content, '$.reason') as reason from intermediate.ml_survival_run"
        " where output = 'fit')"
        " select household_id, if(household_id in (select household_id from predicted), predicted.note,"
        " reason) as note from intermediate.int_survival_customers"
        " left join predicted using (household_id) cross join fit",
    ),
    Held(
        "published_metrics",
        CELL,
        "select * exclude (status) rename (raw_value as value, status_reason as note)"
        " from analytics.fct_metric_values where status = 'publishable'",
    ),
    Held(
        "withheld_metrics",
        CELL,
        "select metric, period_grain, period_start, period_end, segment_type, segment, status, status_reason,"
        " sample_size, as_of_date from analytics.fct_metric_values where status <> 'publishable'",
    ),
)
