{#- An amount in minor units of its currency as decimal units of the reporting currency, at the rate of a day; null without a
    rate. Reads a CTE `rates`, as exchange_rate(). -#}
{% macro in_reporting_currency(amount, currency, day) %}
    cast({{ major_units(amount, currency) }} * {{ exchange_rate(currency, day) }} as decimal(18, 4))
{%- endmacro %}
