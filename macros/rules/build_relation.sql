{#- The one-row table that holds the parameters of the running build. -#}
{% macro build_relation() %}
    {{ return(api.Relation.create(database=target.database, schema='build', identifier='parameters')) }}
{% endmacro %}
