{#- The folder of the raw files: CS_RAW_DATA_PATH, which the build command sets, else var raw_data_path; empty where
    connectors land the raw tables. Only called when dbt executes: then another folder does not parse the project again. -#}
{% macro raw_data_path() %}
    {% set folder = var('raw_data_path') or '' %}
    {% set told = env_var('CS_RAW_DATA_PATH', folder) %}
    {% if told != folder and 'raw_data_path' in (invocation_args_dict.vars or {}) %}
        {{ exceptions.raise_compiler_error("raw_data_path is given twice: --vars say '" ~ folder ~ "', CS_RAW_DATA_PATH says '"
            ~ told ~ "'") }}
    {% endif %}
    {{ return(told) }}
{% endmacro %}
