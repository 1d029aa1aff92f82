{#- The band (seed health_bands) in which a rounded score of a scorecard lies; an unknown score lies in none. -#}
{% macro band_of(health_model, score) %}
    {%- set bands = rule_rows('health_bands', "health_model = '" ~ health_model ~ "'", 'min_score') -%}
    {%- if not bands -%}{{- return('cast(null as varchar)') -}}{%- endif -%}
    case
    {%- for band in bands %}
        when {{ score }} between {{ band['min_score'] }} and {{ band['max_score'] }} then '{{ band['band'] }}'
    {%- endfor %}
    end
{%- endmacro %}
