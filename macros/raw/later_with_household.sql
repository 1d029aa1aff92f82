{#- Rows without a date of their own: each is later than as_of_date when its household is, and then takes no part in
    the ranking of rows with one key. -#}
{% macro later_with_household(relation, key) %}
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
