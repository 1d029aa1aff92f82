{#- An amount in minor units (cents) as decimal currency units. Currencies without a minor unit are not
    divided (var zero_decimal_currencies). -#}
{% macro major_units(column) %}
    {%- set exponent_free = var('zero_decimal_currencies') -%}
    {%- set divisor = 1 if var('reporting_currency') | lower in exponent_free else 100 -%}
    {{- return('cast(cast(' ~ column ~ ' as decimal(18, 2)) / ' ~ divisor ~ ' as decimal(18, 4))') -}}
{% endmacro %}
