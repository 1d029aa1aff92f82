-- depends_on: {{ ref('int_metric_activity') }}
-- depends_on: {{ ref('int_metric_ends') }}
-- depends_on: {{ ref('int_metric_health') }}
-- depends_on: {{ ref('int_metric_invitations') }}
-- depends_on: {{ ref('int_metric_loops') }}
-- depends_on: {{ ref('int_metric_members') }}
-- depends_on: {{ ref('int_metric_onboarding') }}
-- depends_on: {{ ref('int_metric_solutions') }}
-- depends_on: {{ ref('int_metric_starts') }}
-- depends_on: {{ ref('int_metric_surveys') }}
-- depends_on: {{ ref('int_metric_tickets') }}

-- Metrics are read from the semantic models; this model defines none.
with
{%- set selects = [] %}
{%- for family in metric_families() %}
{{ family.table }}_sums as (
    {{- metric_sums(family) }}
),
{% for metric in family.metrics %}{% do selects.append(metric_components(metric, family.table ~ '_sums')) %}{% endfor %}
{%- endfor %}

components as (
    {{ selects | join('\n    union all\n    ') or 'select null as metric' }}
)

select * from components
