{#- One row per day: a hash of `columns` over the rows of a relation with that date. `day` is a SQL date expression. Hashes
    are summed, so the result does not depend on row order. -#}
{% macro daily_fingerprints(relation, day, columns) %}
    select
        {{ day }} as day,
        cast(sum(hash({{ columns | join(', ') }})) as varchar) as fingerprint
    from {{ relation }}
    where {{ day }} is not null
    group by all
{%- endmacro %}
