{#- The amount of an MRR movement where its condition holds, else 0; null where MRR is null at either end of the month. -#}
{% macro mrr_movement(amount, condition) %}
    cast(
        case when mrr_opening + mrr_closing is null then null when {{ condition }} then {{ amount }} else 0 end
        as decimal(18, 2)
    )
{%- endmacro %}
