{#- Daily fingerprints of one entity as rows (entity, day, fingerprint), for models that log touched days. -#}
{% macro entity_fingerprints(entity, relation, day, columns) %}
    select '{{ entity }}' as entity, days.day, days.fingerprint
    from ({{ daily_fingerprints(relation, day, ["'" ~ day ~ "'"] + columns) }}) as days
{%- endmacro %}
