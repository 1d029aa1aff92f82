{#- SQL for one column of mapped_columns() in the type of the contract. Where the contract has words, the value is trimmed and
    compared with them without case, and takes their spelling; `lower` means all in lower case. A column that already has its
    type is not cast, so that DuckDB can push filters down to Parquet statistics. -#}
{% macro read_column(column) %}
    {%- if not column.found -%}
        {{- return('cast(null as ' ~ column.type ~ ')') -}}
    {%- endif -%}
    {%- set value = cast_column('source_row."' ~ column.found ~ '"', column.found_type, column.type) -%}
    {%- if not column.words -%}
        {{- return(value) -}}
    {%- elif column.words == 'lower' -%}
        {{- return("lower(nullif(trim(" ~ value ~ "), ''))") -}}
    {%- endif -%}
    {%- set spellings = [] -%}
    {%- for word in known_words(column.words) -%}
        {%- do spellings.append('when ' ~ sql_text(word | lower) ~ ' then ' ~ sql_text(word)) -%}
    {%- endfor -%}
    {{- return('case lower(trim(' ~ value ~ ')) ' ~ spellings | join(' ') ~ ' else nullif(trim(' ~ value ~ "), '') end") -}}
{% endmacro %}
