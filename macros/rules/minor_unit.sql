{#- What one minor unit (cent) of a currency is worth in currency units; 1 where it has none (var zero_decimal_currencies). -#}
{% macro minor_unit(currency) %}
    {%- set whole = var('zero_decimal_currencies') | join("', '") -%}
    {{- return("case when " ~ currency ~ " in ('" ~ whole ~ "') then cast(1 as decimal(3, 2)) else cast(0.01 as decimal(3, 2)) end") -}}
{% endmacro %}
