{#- The fingerprints of one kind of rows as rows (entity, day, fingerprint); for models that log touched days. -#}
{% macro dated(entity, relation, day, columns) %}
    select '{{ entity }}' as entity, days.day, days.fingerprint
    from ({{ fingerprints(relation, day, ["'" ~ day ~ "'"] + columns) }}) as days
{%- endmacro %}
