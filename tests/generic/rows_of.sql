{#- Fails where the model has another number of rows than the one it shows, for a view without a key of its own. -#}
{% test rows_of(model, given) %}
    select (select count(*) from {{ model }}) as rows_found, (select count(*) from {{ given }}) as rows_given
    where rows_found <> rows_given
{% endtest %}
