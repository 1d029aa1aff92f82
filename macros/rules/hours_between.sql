{#- Calendar hours between two timestamps, with fractions; null if either is null. -#}
{% macro hours_between(start, end) %}
    {{- return('(epoch_us(' ~ end ~ ') - epoch_us(' ~ start ~ ')) / 3600000000.0') -}}
{% endmacro %}
