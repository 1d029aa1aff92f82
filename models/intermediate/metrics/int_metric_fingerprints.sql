-- The fingerprint covers all columns, so that it also holds for ratios that are defined later.
{%- for family in ['int_metric_starts', 'int_metric_ends'] %}
select
    '{{ family }}' as family,
    period_grain,
    period_start,
    cast(sum(hash({{ family }}, {{ var('metric_replicates') }}, {{ var('random_seed') }})) as varchar) as fingerprint
from {{ ref(family) }}
group by period_grain, period_start
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
