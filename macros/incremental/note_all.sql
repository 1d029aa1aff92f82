{#- Post-hook: when the running model was built as a whole, all that depends on its scope is to be rebuilt. (An
    incremental run notes itself from which day on it changed something.) -#}
{% macro note_all(scope) %}
    {% if not is_incremental() %}{{ note_rebuild(scope, "date '1900-01-01'") }}{% else %}select 1{% endif %}
{% endmacro %}
