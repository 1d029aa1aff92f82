{#- A raw column in the type that its contract gives it; null where a value does not cast. Text that states an offset
    is brought to UTC: a cast of text to a timestamp without zone would drop the offset. -#}
{% macro cast_column(column, found, wanted) %}
    {%- if found == wanted -%}
        {{- return(column) -}}
    {%- elif found == 'VARCHAR' and wanted == 'TIMESTAMP' -%}
        {{- return('cast(try_cast(' ~ column ~ ' as timestamptz) as timestamp)') -}}
    {%- endif -%}
    {{- return('try_cast(' ~ column ~ ' as ' ~ wanted ~ ')') -}}
{% endmacro %}
