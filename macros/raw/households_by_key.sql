{#- For each key of a base model: its household and that household's state. Child rows (comments of tickets, refunds of
    charges) join it to inherit both. -#}
{% macro households_by_key(base_model, key) %}
    select
        {{ key }} as parent_key,
        max(household_id) filter (where quarantine_reason is null and not is_later) as household_id,
        case
            when bool_or(quarantine_reason is null and not is_later) then 'known'
            when bool_or(quarantine_reason = 'erased_household') then 'erased'
            when bool_or(is_later) then 'later'
            else 'unknown'
        end as household_state
    from {{ ref(base_model) }}
    where {{ key }} is not null
    group by {{ key }}
{% endmacro %}
