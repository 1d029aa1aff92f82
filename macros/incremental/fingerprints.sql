{#- One row per day on which rows of a relation are dated: a hash of `columns` of these rows. `day` is SQL, a date. The sum
    of hashes does not depend on the order of rows. -#}
{% macro fingerprints(relation, day, columns) %}
    select
        {{ day }} as day,
        cast(sum(hash({{ columns | join(', ') }})) as varchar) as fingerprint
    from {{ relation }}
    where {{ day }} is not null
    group by all
{%- endmacro %}
