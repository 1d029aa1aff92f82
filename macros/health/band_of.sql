{#- The band (seed health_bands) that contains a scorecard's rounded score. -#}
{% macro band_of(health_model, score) %}
    {{- band_in('health_bands', score, "health_model = '" ~ health_model ~ "'") -}}
{%- endmacro %}
