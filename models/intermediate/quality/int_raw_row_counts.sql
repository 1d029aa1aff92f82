{%- for source, tables in raw_tables().items() %}
{%- for table in tables if (source, table) != ('product', 'events') %}
{{ counted_rows(source, table) }}
union all
{%- endfor %}
{%- endfor %}
select * from {{ ref('int_raw_event_counts') }}
