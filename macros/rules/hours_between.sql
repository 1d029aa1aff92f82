{#- Calendar hours from one timestamp to a later one, with fractions; null where either is. -#}
{% macro hours_between(start, end) %}
    {{- return('(epoch_us(' ~ end ~ ') - epoch_us(' ~ start ~ ')) / 3600000000.0') -}}
{% endmacro %}
