{#- The band of a seed (columns band, min_score, max_score) that contains a rounded score; null for a null score. -#}
{% macro band_in(seed_name, score, where='true') %}
    {%- set bands = rule_rows(seed_name, where, 'min_score') -%}
    {%- if not bands -%}{{- return('cast(null as varchar)') -}}{%- endif -%}
    case
    {%- for band in bands %}
        when {{ score }} between {{ band['min_score'] }} and {{ band['max_score'] }} then '{{ band['band'] }}'
    {%- endfor %}
    end
{%- endmacro %}
