{#- The relation of a model that the running one descends from by way of others. A strategy may not ref() what the
    model itself does not. -#}
{% macro ancestor(schema, name) %}
    {{- return(api.Relation.create(database=target.database, schema=generate_schema_name(schema, none), identifier=name)) -}}
{% endmacro %}
