{#- Which of the columns that are present ({lower-case name: type}) a column of the contract is read from: {found, found_type},
    both none where none of its names is there. -#}
{% macro found_column(column, present) %}
    {% for name in [column.name] + column.also if name | lower in present %}
        {{ return({'found': name | lower, 'found_type': present[name | lower]}) }}
    {% endfor %}
    {{ return({'found': none, 'found_type': none}) }}
{% endmacro %}
