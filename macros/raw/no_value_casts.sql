{#- Whether a raw column has values and none of them casts to the type of the contract. -#}
{% macro no_value_casts(relation, column) %}
    {% set counted = run_query(
        'select count("' ~ column.name ~ '"), count(try_cast("' ~ column.name ~ '" as ' ~ column.type ~ ')) from ' ~ relation
    ).rows[0] %}
    {{ return(counted[0] > 0 and counted[1] == 0) }}
{% endmacro %}
