{#- A table of the ledger, the database that outlives every build (open_ledger makes them). -#}
{% macro ledger_relation(name) %}
    {{ return(api.Relation.create(database='ledger', schema='ledger', identifier=name)) }}
{% endmacro %}
