-- Published predictions do not change; households that have been erased since are excluded.
with predictions as (
    select published.*
    from {{ ledger_relation('published_predictions') }} as published
    inner join {{ ref('stg_app__households') }} as households on published.household_id = households.household_id
    where published.scored_as_of <= {{ as_of_date() }}
),

departures as (
    select predictions.household_id, predictions.scored_as_of
    from predictions
    inner join {{ ref('fct_churn_events') }} as spells
        on
            predictions.household_id = spells.household_id
            and predictions.scored_as_of < spells.churned_at
            and predictions.scored_as_of + {{ var('churn_horizon_days') }} >= spells.left_at
    group by predictions.household_id, predictions.scored_as_of
),

followed as (
    select
        *,
        scored_as_of + {{ var('churn_horizon_days') + var('churn_inactivity_days') }} <= {{ as_of_date() }} as outcome_known
    from predictions
)

select
    followed.household_id,
    followed.scored_as_of,
    followed.model_run_id,
    followed.churn_probability,
    case when followed.outcome_known then departures.household_id is not null end as churned_next_30d,
    followed.outcome_known
from followed
left join departures
    on followed.household_id = departures.household_id and followed.scored_as_of = departures.scored_as_of
