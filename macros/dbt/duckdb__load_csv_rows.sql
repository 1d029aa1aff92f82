{#- As dbt-duckdb loads seeds, with the path quoted: there a quote in the path of the project ends the statement. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql = 'copy ' ~ this.render() ~ ' from ' ~ sql_text(adapter.get_seed_file_path(model))
        ~ " (format csv, header true, delimiter ',')" %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
