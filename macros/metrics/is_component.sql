{#- Whether a metric node is only a part of others: the sum of one measure, under the measure's own name. -#}
{% macro is_component(metric) %}
    {{- return(metric.type == 'simple' and metric.type_params.measure.name == metric.name) -}}
{% endmacro %}
