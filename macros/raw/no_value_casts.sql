{#- Whether a raw column (mapped_columns) has values and none of them casts to the type of the contract. -#}
{% macro no_value_casts(relation, column) %}
    {% set value = 'source_row."' ~ column.found ~ '"' %}
    {% set counted = run_query(
        'select count(' ~ value ~ '), count(' ~ cast_column(value, column.found_type, column.type) ~ ') from ' ~ relation
        ~ ' as source_row'
    ).rows[0] %}
    {{ return(counted[0] > 0 and counted[1] == 0) }}
{% endmacro %}
