{#- Post-hook of the model that cuts sessions: when it was built as a whole, all that counts sessions is to be rebuilt.
    (An incremental run notes the first session it touched itself, see get_incremental_rebuild_from_sql.) -#}
{% macro note_all_sessions() %}
    {% if not is_incremental() %}{{ note_rebuild('sessions', "date '1900-01-01'") }}{% else %}select 1{% endif %}
{% endmacro %}
