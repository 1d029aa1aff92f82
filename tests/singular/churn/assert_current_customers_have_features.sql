-- depends_on: {{ ref('int_churn_snapshots') }}
-- depends_on: {{ ref('int_churn_customers') }}
{%- set learned, known = [], ['snapshot_date', 'days_to_left', 'churned_next_30d'] %}
{%- if execute %}
{%- do learned.extend(adapter.get_columns_in_relation(ref('int_churn_snapshots')) | map(attribute='name')) %}
{%- do known.extend(adapter.get_columns_in_relation(ref('int_churn_customers')) | map(attribute='name')) %}
{%- endif %}

-- Snapshots and current customers have the same feature columns: a column that only snapshots have could leak the outcome.
select feature
from (select unnest({{ learned }}) as feature)
where feature not in (select unnest({{ known }}))
