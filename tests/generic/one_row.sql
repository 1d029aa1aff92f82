{#- Fails where the model has more than one row, or none. -#}
{% test one_row(model) %}
    select count(*) as rows_found from {{ model }} having count(*) <> 1
{% endtest %}
