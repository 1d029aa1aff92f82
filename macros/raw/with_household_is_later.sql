{#- For rows without a date of their own: sets is_later where the household is later than as_of_date, and leaves such rows
    out of the ranking of rows with the same key. -#}
{% macro with_household_is_later(relation, key) %}
    (
        select * replace (
            household_state is not distinct from 'later' as is_later,
            key_rank - count(*) filter (where household_state = 'later') over (
                partition by {{ key | join(', ') }} order by key_rank
            ) as key_rank
        )
        from {{ relation }}
    )
{% endmacro %}
