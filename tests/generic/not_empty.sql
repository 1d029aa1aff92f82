{#- Fails if the model is empty although its input `given` (filtered by `given_where`) has rows. A model may be empty if its
    raw table is absent or empty. -#}
{% test not_empty(model, given, given_where='true') %}
    select 'no row, although the input has rows' as problem
    where
        not exists (select 1 from {{ model }})
        and exists (select 1 from {{ given }} where {{ given_where }})
{% endtest %}
