{#- Adds household_state to rows that name their household themselves: known, later (than as_of_date), erased
    (the source had it once and no longer has), or unknown. The hash is only taken of ids that are not found. -#}
{% macro traced_to_household(relation, household_column='household_id') %}
    select
        {{ relation }}.*,
        coalesce(household.household_state, case when erased.household_hash is not null then 'erased' end, 'unknown') as household_state
    from {{ relation }}
    left join {{ ref('base_app__household_states') }} as household
        on {{ relation }}.{{ household_column }} = household.known_household_id
    left join {{ ref('base_app__erased_households') }} as erased
        on case when household.known_household_id is null then sha256({{ relation }}.{{ household_column }}) end = erased.household_hash
{% endmacro %}
