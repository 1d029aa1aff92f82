{#- An amount in minor units (cents) as decimal units of its currency. -#}
{% macro major_units(column, currency='currency') %}
    {{- return('cast(cast(' ~ column ~ ' as decimal(18, 2)) * ' ~ minor_unit(currency) ~ ' as decimal(18, 4))') -}}
{% endmacro %}
