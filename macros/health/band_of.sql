{#- The band (seed health_bands) in which a rounded score of a scorecard lies. -#}
{% macro band_of(health_model, score) %}
    {{- band_in('health_bands', score, "health_model = '" ~ health_model ~ "'") -}}
{%- endmacro %}
