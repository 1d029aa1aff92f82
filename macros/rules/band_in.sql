{#- The band of a seed (columns band, min_score, max_score) in which a rounded score lies; an unknown score lies in none. -#}
{% macro band_in(seed_name, score, where='true') %}
    {%- set bands = rule_rows(seed_name, where, 'min_score') -%}
    {%- if not bands -%}{{- return('cast(null as varchar)') -}}{%- endif -%}
    case
    {%- for band in bands %}
        when {{ score }} between {{ band['min_score'] }} and {{ band['max_score'] }} then '{{ band['band'] }}'
    {%- endfor %}
    end
{%- endmacro %}
