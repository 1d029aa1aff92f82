{#- A table of the ledger, the database that no build replaces (open_ledger creates its tables). -#}
{% macro ledger_relation(name) %}
    {{ return(api.Relation.create(database='ledger', schema='ledger', identifier=name)) }}
{% endmacro %}
