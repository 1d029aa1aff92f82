{#- The quarantined rows of the base models of one source: source, table, row key, reason, row as JSON. -#}
{% macro quarantined(source_name) %}
    {% for table_name in raw_tables()[source_name] %}
    select
        '{{ source_name }}' as source_name,
        '{{ table_name }}' as table_name,
        row_key,
        quarantine_reason as reason,
        raw_json as row_json
    from {{ ref('base_' ~ source_name ~ '__' ~ table_name) }}
    where quarantine_reason is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}
