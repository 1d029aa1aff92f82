{#- Minutes between two timestamps, with fractions. -#}
{% macro minutes_between(start, end) %}
    {{- return('(epoch_us(' ~ end ~ ') - epoch_us(' ~ start ~ ')) / 60000000.0') -}}
{% endmacro %}
