{#- Whether a metric node only serves as an input of other metrics: a simple metric with the name of its measure. -#}
{% macro is_component(metric) %}
    {{- return(metric.type == 'simple' and metric.type_params.measure.name == metric.name) -}}
{% endmacro %}
