{#- The amount of a movement of MRR where its condition holds, else 0; unknown where either end of the month is. -#}
{% macro mrr_movement(amount, condition) %}
    cast(
        case when mrr_opening + mrr_closing is null then null when {{ condition }} then {{ amount }} else 0 end
        as decimal(18, 2)
    )
{%- endmacro %}
