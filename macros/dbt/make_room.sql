{#- Hook before a large Python model: DuckDB gives back what it holds of tables that were read before, else the memory of
    Python comes on top of DuckDB's full limit. Only where models are built one at a time: under the lowered limit a
    query that runs beside it would fail. The hook stands before the transaction: a Python model runs in one of its own. -#}
{% macro make_room(keep='1GB') %}
    {%- set limit = target.settings.memory_limit -%}
    {%- if target.threads | int == 1 and limit -%}
        set memory_limit = '{{ keep }}'; set memory_limit = '{{ limit }}'
    {%- endif -%}
{% endmacro %}
