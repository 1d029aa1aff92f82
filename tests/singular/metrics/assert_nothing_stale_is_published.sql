{{ config(group='data_platform') }}

{%- set tables = {
    'app': ['feature_settings', 'household_members', 'households', 'pets', 'tasks', 'users'],
    'product': ['events'],
    'stripe': ['charge', 'customer', 'invoice', 'price', 'product', 'refund', 'subscription_history'],
    'survey': ['invitation', 'response'],
    'zendesk': ['organization', 'ticket', 'ticket_comment', 'ticket_field_history', 'ticket_tag', 'user']
} -%}

-- No figure stands on a source whose latest load is too old, by the loads themselves.
with loads as (
    {%- for source, names in tables.items() %}
    {%- set outer = loop %}
    {%- for name in names %}
    select '{{ source }}' as source, max(_fivetran_synced) as loaded_at from {{ ref('base_' ~ source ~ '__' ~ name) }}
    {{ 'union all' if not (loop.last and outer.last) }}
    {%- endfor %}
    {%- endfor %}
),

sources as (
    select source, max(loaded_at) as loaded_at from loads group by source
)

select definitions.metric, sources.source, sources.loaded_at, count(*) as figures
from {{ ref('published_metrics') }} as published
inner join {{ ref('dim_metrics') }} as definitions on published.metric = definitions.metric
inner join sources on list_contains(string_split(definitions.source_of_truth, ', '), sources.source)
where sources.loaded_at < {{ as_of_end() }} - interval {{ var('freshness_stale_hours') }} hour
group by definitions.metric, sources.source, sources.loaded_at
