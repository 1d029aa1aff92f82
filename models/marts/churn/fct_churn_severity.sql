-- Reads the runs themselves: through ml_churn_predictions the chain of models would be longer than 20.
with predictions as (
    {{ unpacked(ref('ml_churn_run'), 'predictions', {
        'household_id': 'varchar', 'churn_probability': 'double', 'interval_width': 'double'
    }) }}
),

survival as (
    {{ unpacked(ref('ml_survival_run'), 'predictions', {
        'household_id': 'varchar', 'median_days_remaining': 'double'
    }) }}
),

factors as (
    select
        household_id,
        to_json(list(
            json_object('type', type, 'severity', severity, 'description', description, 'impact', impact)
            order by impact desc, type asc
        )) as risk_factors
    from {{ ref('int_risk_factors') }}
    group by household_id
),

-- The top tenth by revenue moves up one level (decision 35).
ranked as (
    select
        predictions.household_id,
        least(
            (select max(severity_rank) from {{ ref('churn_severities') }}),
            max(severities.severity_rank)
            + cast(coalesce(bool_or(billing.mrr_percentile >= {{ var('top_mrr_percentile') }}), false) as integer)
        ) as severity_rank
    from predictions
    inner join {{ ref('churn_severities') }} as severities
        on severities.above_probability is null or predictions.churn_probability > severities.above_probability
    left join {{ ref('int_billing_at_score_dates') }} as billing
        on predictions.household_id = billing.household_id and billing.score_date = {{ as_of_date() }}
    group by predictions.household_id
)

select
    predictions.household_id,
    predictions.churn_probability,
    predictions.interval_width,
    survival.median_days_remaining,
    coalesce(cast(factors.risk_factors as varchar), '[]') as risk_factors,
    severities.severity
from predictions
inner join ranked using (household_id)
inner join {{ ref('churn_severities') }} as severities on ranked.severity_rank = severities.severity_rank
left join factors using (household_id)
left join survival using (household_id)
