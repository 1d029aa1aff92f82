{#- Overrides the macro of dbt-duckdb that loads seeds, to escape quotes in the project's path. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql = 'copy ' ~ this.render() ~ ' from ' ~ sql_text(adapter.get_seed_file_path(model))
        ~ " (format csv, header true, delimiter ',')" %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
