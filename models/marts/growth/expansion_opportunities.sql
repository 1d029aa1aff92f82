with spells as (
    select *
    from {{ ref('int_opportunity_spells') }}
    where status_at is null or status_at > {{ history_start('published') }}
),

all_signals as (
    select sum(weight) as weight from {{ ref('opportunity_signals') }}
)

select
    spells.opportunity_id as id,
    spells.household_id as customer_id,
    spells.opportunity_type,
    types.trigger,
    spells.identified_at,
    spells.status,
    spells.status_at,
    types.timing,
    spells.current_usage,
    spells.usage_limit,
    cast(to_json(coalesce(signals.signals, cast([] as varchar[]))) as varchar) as signals,
    cast(coalesce(signals.weight, 0) / all_signals.weight as double) as signal_score,
    opportunity_values.estimated_value,
    types.stated_probability,
    probabilities.probability,
    probabilities.probability_n,
    probabilities.probability_ci_low,
    probabilities.probability_ci_high,
    types.recommended_action,
    opportunity_values.recommended_plan,
    owners.owner_id
from spells
inner join {{ ref('opportunity_types') }} as types on spells.opportunity_type = types.opportunity_type
inner join {{ ref('int_opportunity_values') }} as opportunity_values on spells.opportunity_id = opportunity_values.opportunity_id
inner join {{ ref('int_opportunity_probabilities') }} as probabilities on spells.opportunity_type = probabilities.opportunity_type
cross join all_signals
left join {{ ref('int_opportunity_signals') }} as signals on spells.opportunity_id = signals.opportunity_id
left join {{ ref('fct_csm_assignments') }} as owners on spells.household_id = owners.household_id
