-- Simulated data are marked synthetic in households (the origin of the label of metric values) and in claim verdicts.
with dataset as (
    select coalesce(bool_or(dataset_kind = 'synthetic'), false) as is_synthetic from {{ ref('stg_meta__dataset') }}
),

labels as (
    select 'dim_households' as table_name, is_synthetic from {{ ref('dim_households') }}
    union all
    select 'fct_claim_verdicts', dataset = 'synthetic' from {{ ref('fct_claim_verdicts') }}
)

select labels.table_name, labels.is_synthetic, count(*) as rows_with_it
from labels
cross join dataset
where labels.is_synthetic is distinct from dataset.is_synthetic
group by labels.table_name, labels.is_synthetic
