{#- A raw column cast to the type of its contract; null where a value does not cast. Text with an offset is converted to
    UTC, because casting it to a timestamp without time zone would drop the offset. -#}
{% macro cast_column(column, found, wanted) %}
    {%- if found == wanted -%}
        {{- return(column) -}}
    {%- elif found == 'VARCHAR' and wanted == 'TIMESTAMP' -%}
        {{- return('cast(try_cast(' ~ column ~ ' as timestamptz) as timestamp)') -}}
    {%- endif -%}
    {{- return('try_cast(' ~ column ~ ' as ' ~ wanted ~ ')') -}}
{% endmacro %}
