{#- The parts of a metric node, {numerator, denominator (or none), value}: the names of the two measures and the SQL of the
    value in terms of their sums. The only place that turns a metric type into SQL; it follows MetricFlow. -#}
{% macro metric_parts(metric) %}
    {%- set of = metric.type_params -%}
    {%- if metric.type == 'ratio' -%}
        {%- set value = safe_ratio(of.numerator.name, of.denominator.name) -%}
        {{- return({'numerator': of.numerator.name, 'denominator': of.denominator.name, 'value': value}) -}}
    {%- elif metric.type == 'simple' -%}
        {{- return({'numerator': of.measure.name, 'denominator': none, 'value': of.measure.name}) -}}
    {%- elif metric.type == 'derived' and of.metrics | length == 2 -%}
        {{- return({'numerator': of.metrics[0].name, 'denominator': of.metrics[1].name, 'value': of.expr}) -}}
    {%- endif -%}
    {{- exceptions.raise_compiler_error('Metric ' ~ metric.name ~ ' has a type that the ledger cannot compute. Supported: '
        ~ 'simple, ratio, or derived from two metrics, numerator first.') -}}
{% endmacro %}
