{#- A raw column cast to the type of its contract; null where a value does not cast. A number that is not whole is no integer
    (10.0 is 10), and an id that a loader turned into a decimal number loses its .0. -#}
{% macro cast_column(column, found, wanted) %}
    {%- if found == wanted -%}
        {{- return(column) -}}
    {%- elif wanted == 'TIMESTAMP' -%}
        {{- return(read_moment(column, found)) -}}
    {%- elif wanted == 'DATE' and found == 'VARCHAR' -%}
        {{- return('cast(' ~ read_moment(column, found) ~ ' as date)') -}}
    {%- elif wanted == 'BIGINT' and (found in ('VARCHAR', 'DOUBLE', 'FLOAT') or found.startswith('DECIMAL')) -%}
        {%- set number = 'try_cast(' ~ column ~ ' as double)' -%}
        {{- return('case when ' ~ number ~ ' = floor(' ~ number ~ ') then try_cast(' ~ column ~ ' as bigint) end') -}}
    {%- elif wanted == 'VARCHAR' and found in ('DOUBLE', 'FLOAT') -%}
        {{- return("regexp_replace(cast(" ~ column ~ " as varchar), '[.]0$', '')") -}}
    {%- endif -%}
    {{- return('try_cast(' ~ column ~ ' as ' ~ wanted ~ ')') -}}
{% endmacro %}
