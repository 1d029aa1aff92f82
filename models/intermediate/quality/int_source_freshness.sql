-- Connectors load only changed rows, so the latest load over all tables of a source measures its freshness.
with loads as (
    {%- for source, tables in raw_tables().items() if source != 'meta' %}
    {%- set outer = loop %}
    {%- for table in tables %}
    select '{{ source }}' as source, max(_fivetran_synced) as latest_synced_at from {{ ref('base_' ~ source ~ '__' ~ table) }}
    {{ 'union all' if not (loop.last and outer.last) }}
    {%- endfor %}
    {%- endfor %}
),

sources as (
    select source, max(latest_synced_at) as latest_synced_at
    from loads
    group by source
),

aged as (
    select
        *,
        case
            when latest_synced_at < {{ as_of_end() }} then {{ hours_between('latest_synced_at', as_of_end()) }}
            when latest_synced_at is not null then 0
        end as age_hours
    from sources
)

select
    source,
    latest_synced_at,
    case when age_hours > 0 then cast(latest_synced_at as date) when age_hours = 0 then {{ as_of_date() }} end as data_through,
    age_hours,
    case
        when age_hours is null then 'unknown'
        when age_hours <= {{ var('freshness_warn_hours') }} then 'fresh'
        when age_hours <= {{ var('freshness_stale_hours') }} then 'warning'
        else 'stale'
    end as freshness
from aged
