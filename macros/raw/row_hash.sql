{#- SQL for the MD5 of a raw row (raw_row): its columns as text, null as empty, joined by '|', those that connectors write in
    their order (seed connector_columns), further ones after them. -#}
{% macro row_hash(source_name, table_name) %}
    {% set relation = raw_relation(source_name, table_name) if execute else none %}
    {% if not relation %}{{ return("''") }}{% endif %}
    {% set names = [] %}
    {% for column in adapter.get_columns_in_relation(relation) %}{% do names.append(column.name | lower) %}{% endfor %}
    {% set written = run_query(
        "select column_name from " ~ seed_text('connector_columns') ~ " where source_name = " ~ sql_text(source_name)
        ~ " and table_name = " ~ sql_text(table_name)
    ).columns[0].values() %}
    {% set parts = [] %}
    {% for name in written if name in names %}{% do parts.append(name) %}{% endfor %}
    {% for name in names if name not in written %}{% do parts.append(name) %}{% endfor %}
    {{ return("md5(concat_ws('|', coalesce(cast(raw_row.\"" ~ parts | join("\" as varchar), ''), coalesce(cast(raw_row.\"")
        ~ "\" as varchar), '')))") }}
{% endmacro %}
