{#- The state of each household id of the source: known, later (than as_of_date), erased (each of its rows is
    deleted, superseded or a test row), or unknown (quarantined). -#}
{% macro household_states() %}
    select
        id as known_household_id,
        case
            when bool_or(row_class = 'staged') then 'known'
            when bool_or(row_class = 'later') then 'later'
            when bool_and(row_class in ('not_live', 'deleted', 'superseded')) then 'erased'
            else 'unknown'
        end as household_state
    from {{ ref('base_app__households') }}
    where id is not null
    group by id
{% endmacro %}
