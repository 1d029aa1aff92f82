{#- Whether a raw column holds values of which not one casts to the type the contract gives it. -#}
{% macro no_value_casts(relation, column) %}
    {% set counted = run_query(
        'select count("' ~ column.name ~ '"), count(try_cast("' ~ column.name ~ '" as ' ~ column.type ~ ')) from ' ~ relation
    ).rows[0] %}
    {{ return(counted[0] > 0 and counted[1] == 0) }}
{% endmacro %}
