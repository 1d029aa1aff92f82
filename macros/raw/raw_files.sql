{#- The files of the raw tables under raw_data_path(): {'<source>.<table>': {path, reader}}, the reader as a DuckDB
    table function call. Accepted, in this order: <table>.parquet, <table>/*.parquet, <table>.csv, <table>.csv.gz.
    CSV is read as text and cast in staging, so that values that do not parse are detected. -#}
{% macro raw_files() %}
    {% set folder = run_query('select absolute_path(' ~ sql_text(raw_data_path()) ~ ')').rows[0][0] %}
    {% set paths = run_query(
        "select file from glob(" ~ sql_text(folder ~ '/*/*') ~ ") union all "
        ~ "select distinct parse_dirpath(file) || '/*.parquet' from glob(" ~ sql_text(folder ~ '/*/*/*.parquet') ~ ")"
    ).columns[0].values() %}
    {% set text = "read_csv({}, all_varchar = true, header = true, allow_quoted_nulls = false)" %}
    {% set found = {} %}
    {% for ending, reader in [
        ('.csv.gz', text), ('.csv', text), ('/*.parquet', "read_parquet({})"), ('.parquet', "read_parquet({})")
    ] %}
        {% for path in paths if path.endswith(ending) %}
            {% set table = path[folder | length + 1 : -(ending | length)].replace('/', '.') %}
            {% do found.update({table: {'path': path, 'reader': reader.format(sql_text(path))}}) %}
        {% endfor %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
