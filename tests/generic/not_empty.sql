{#- Fails where the model has no row although what it stands on has: a mart that lost everything is not right, but one
    whose raw table is absent or has nothing to say is. `given` is that input, `given_where` narrows it. -#}
{% test not_empty(model, given, given_where='true') %}
    select 'no row, though there is input' as problem
    where
        not exists (select 1 from {{ model }})
        and exists (select 1 from {{ given }} where {{ given_where }})
{% endtest %}
