{#- For each key of a base model: its household and that household's state, or that the parent is a test or was deleted. Child
    rows (comments of tickets, refunds of charges) join it to inherit both. With is_referred_to, deleted parents stay readable. -#}
{% macro households_by_key(base_model, key, is_referred_to=false) %}
    {%- set holds = 'is_readable' if is_referred_to else "row_class = 'staged'" %}
    select
        {{ key }} as parent_key,
        max(household_id) filter (where {{ holds }}) as household_id,
        case
            when bool_or({{ holds }}) then 'known'
            when bool_or(row_class = 'erased') then 'erased'
            when bool_or(row_class = 'not_live') then 'not_live'
            {%- if not is_referred_to %}
            when bool_or(row_class = 'deleted') then 'deleted'
            {%- endif %}
            when bool_or(row_class = 'later') then 'later'
            else 'unknown'
        end as household_state
    from {{ ref(base_model) }}
    where {{ key }} is not null
    group by {{ key }}
{% endmacro %}
