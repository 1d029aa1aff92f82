with verdicts as (
    select * from {{ ref('int_claim_verdicts') }}
),

dataset as (
    select case when max(dataset_kind) = 'synthetic' then 'synthetic' else 'live' end as dataset
    from {{ ref('stg_meta__dataset') }}
)

select
    cast(claim_id as varchar) as claim_id,
    cast(deck as varchar) as deck,
    cast(statement as varchar) as statement,
    cast(statement_numbers as varchar) as statement_numbers,
    cast(statement_values as varchar) as statement_values,
    cast(evidence as varchar) as evidence,
    cast(metric as varchar) as metric,
    cast(segment as varchar) as segment,
    cast(comparison as varchar) as comparison,
    cast(scale as varchar) as scale,
    cast(period_a as varchar) as period_a,
    cast(period_b as varchar) as period_b,
    cast(period_a_start as date) as period_a_start,
    cast(period_a_end as date) as period_a_end,
    cast(period_b_start as date) as period_b_start,
    cast(period_b_end as date) as period_b_end,
    {{ nan_to_null('claimed_value') }} as claimed_value,
    {{ nan_to_null('tolerance') }} as tolerance,
    cast(author as varchar) as author,
    cast(status as varchar) as status,
    cast(verdict as varchar) as verdict,
    {{ nan_to_null('value_a') }} as value_a,
    {{ nan_to_null('value_b') }} as value_b,
    cast(n_a as bigint) as n_a,
    cast(n_b as bigint) as n_b,
    {{ nan_to_null('difference') }} as difference,
    {{ nan_to_null('ci_low') }} as ci_low,
    {{ nan_to_null('ci_high') }} as ci_high,
    {{ nan_to_null('p_value') }} as p_value,
    {{ nan_to_null('p_value_corrected') }} as p_value_corrected,
    cast(test as varchar) as test,
    cast(reason as varchar) as reason,
    {{ as_of_date() }} as as_of_date,
    dataset.dataset
from verdicts
cross join dataset
