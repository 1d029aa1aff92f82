{#- A raw value as a moment in UTC, null where it is none. Text with an offset or a zone is converted, because casting it to a
    timestamp without zone would drop the offset; whole numbers are seconds since 1970 (13 digits: milliseconds). -#}
{% macro read_moment(column, found) %}
    {%- if found == 'VARCHAR' -%}
        {%- set tidy = "regexp_replace(upper(trim(" ~ column ~ ")), '\\s+([+-][0-9]{2}(:?[0-9]{2})?)$', '\\1')" -%}
        {%- set whole = "regexp_extract(trim(" ~ column ~ "), '^([0-9]{1,13})([.]0+)?$', 1)" -%}
        {{- return('cast(coalesce(try_cast(' ~ column ~ ' as timestamptz), try_cast(' ~ tidy ~ ' as timestamptz), '
            ~ epoch_moment('try_cast(' ~ whole ~ ' as bigint)') ~ ') as timestamp)') -}}
    {%- elif found in ('DOUBLE', 'FLOAT') or found.startswith('DECIMAL') -%}
        {{- return('case when ' ~ column ~ ' = floor(' ~ column ~ ') then '
            ~ epoch_moment('try_cast(' ~ column ~ ' as bigint)') ~ ' end') -}}
    {%- elif found.endswith('INT') or found.endswith('INTEGER') -%}
        {{- return(epoch_moment('try_cast(' ~ column ~ ' as bigint)')) -}}
    {%- elif found == 'TIMESTAMP WITH TIME ZONE' -%}
        {{- return("timezone('UTC', " ~ column ~ ")") -}}
    {%- endif -%}
    {{- return('try_cast(' ~ column ~ ' as timestamp)') -}}
{% endmacro %}
