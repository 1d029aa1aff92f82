{#- Of a metric node: {numerator, denominator (or none), value}: the names of the two measures and the SQL of the value
    from sums under these names. The one place where a kind of metric becomes SQL, as MetricFlow makes it. -#}
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
    {{- exceptions.raise_compiler_error('Metric ' ~ metric.name ~ ' is of a kind that the ledger cannot compute: '
        ~ 'simple, ratio, or derived from two metrics, numerator first.') -}}
{% endmacro %}
