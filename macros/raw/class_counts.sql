{#- The select list of the classes of raw rows that are not staged, later ones apart: their count, or the sum of an amount. -#}
{% macro class_counts(amount=none) %}
    {%- set total = 'coalesce(sum(' ~ amount ~ ') filter (where {}), 0)' if amount else 'count(*) filter (where {})' -%}
    {%- for name, condition in [
        ('quarantined', "row_class = 'quarantined'"), ('erased', "row_class = 'erased'"), ('duplicates', "row_class = 'duplicate'"),
        ('superseded', "row_class = 'superseded'"), ('deleted', "row_class = 'deleted'"), ('not_live', "row_class = 'not_live'")
    ] %}
        {{ total.format(condition) }} as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}
