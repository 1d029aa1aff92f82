{#- Adds household_state to rows with a household id: known, later (than as_of_date), erased (an earlier build saw the
    household and the source no longer contains it), or unknown. Only ids without a match are hashed. -#}
{% macro with_household_state(relation, household_column='household_id') %}
    select
        {{ relation }}.*,
        coalesce(household.household_state, case when erased.household_hash is not null then 'erased' end, 'unknown') as household_state
    from {{ relation }}
    left join {{ ref('base_app__household_states') }} as household
        on {{ relation }}.{{ household_column }} = household.known_household_id
    left join {{ ref('base_app__erased_households') }} as erased
        on case when household.known_household_id is null then sha256({{ relation }}.{{ household_column }}) end = erased.household_hash
{% endmacro %}
