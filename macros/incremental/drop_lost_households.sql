{#- Part of incremental strategies: deletes the rows of households that the source no longer has, where the log of rebuilds
    says that there are such. -#}
{% macro drop_lost_households(target, scopes) %}
    {%- if pending_rebuild('drops_households', scopes) %}
    delete from {{ target }} where household_id not in (select household_id from {{ ancestor('staging', 'stg_app__households') }});
    {%- endif %}
{% endmacro %}
