{#- The files of a raw table under var raw_data_path, as a DuckDB table function call, or none where
    the table is absent. Accepted: <table>.parquet, <table>/*.parquet, <table>.csv, <table>.csv.gz.
    CSV is read as text and cast in staging, so that a value that does not parse is seen, not guessed. -#}
{% macro raw_file(source_name, table_name) %}
    {% set folder = run_query("select absolute_path('" ~ var('raw_data_path') ~ "')").rows[0][0] %}
    {% set stem = folder ~ '/' ~ source_name ~ '/' ~ table_name %}
    {% for ending, reader in [
        ('.parquet', "read_parquet('{}')"),
        ('/*.parquet', "read_parquet('{}')"),
        ('.csv', "read_csv('{}', all_varchar = true, header = true, allow_quoted_nulls = false)"),
        ('.csv.gz', "read_csv('{}', all_varchar = true, header = true, allow_quoted_nulls = false)"),
    ] %}
        {% if run_query("select count(*) from glob('" ~ stem ~ ending ~ "')").rows[0][0] > 0 %}
            {{ return({'path': stem ~ ending, 'reader': reader.format(stem ~ ending)}) }}
        {% endif %}
    {% endfor %}
    {{ return(none) }}
{% endmacro %}
