{#- The sum of a column over the rows that fulfil a condition; null where one of its values is unknown, 0 without such rows. -#}
{% macro sum_if_known(column, condition) %}
    case
        when count(*) filter (where ({{ condition }}) and ({{ column }}) is null) = 0
            then coalesce(sum({{ column }}) filter (where {{ condition }}), 0)
    end
{%- endmacro %}
