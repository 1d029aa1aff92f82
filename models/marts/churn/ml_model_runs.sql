{%- set facts = {
    'selected_model': 'varchar', 'status': 'varchar', 'reason': 'varchar', 'train_from': 'date', 'train_to': 'date',
    'test_from': 'date', 'test_to': 'date', 'n_train': 'bigint', 'n_test': 'bigint', 'positives_train': 'bigint',
    'positives_test': 'bigint', 'households_train': 'bigint', 'households_test': 'bigint', 'churned_train': 'bigint',
    'churned_test': 'bigint', 'notes': 'varchar', 'settings': 'varchar'
} %}

with current_runs as (
    {{ unpacked(ref('ml_churn_run'), 'runs', dict(model_run_id='varchar', **facts)) }}
),

published as (
    select * from {{ ledger_relation('published_model_runs') }}
)

select
    model_run_id,
    {{ as_of_date() }} as as_of_date,
    {{ facts | join(',\n    ') }},
    true as is_current
from current_runs
union all
select published.*, false as is_current
from published
anti join current_runs on published.model_run_id = current_runs.model_run_id
