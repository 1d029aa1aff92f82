{#- Adds household_state to rows with a household id: known, later (than as_of_date), erased (the source deleted the household, or
    an earlier build saw it and the source no longer contains it), or unknown. Only ids without a match are hashed, so it does
    not matter whether this build has already added its households to the ledger. -#}
{% macro with_household_state(relation, household_column='household_id') %}
    select
        {{ relation }}.*,
        coalesce(
            household.household_state,
            case
                when
                    case when household.known_household_id is null then sha256({{ relation }}.{{ household_column }}) end
                    in (select household_hash from ledger.ledger.households_seen)
                    then 'erased'
            end,
            'unknown'
        ) as household_state
    from {{ relation }}
    left join ({{ household_states() }}) as household
        on {{ relation }}.{{ household_column }} = household.known_household_id
{% endmacro %}
