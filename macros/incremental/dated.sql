{#- Fingerprints of the rows of a relation, one row per day: what stands in `columns` of the rows dated by `day`. Rows
    without that day have none. The sum of hashes depends on no order. -#}
{% macro dated(entity, relation, day, columns) %}
    select
        '{{ entity }}' as entity,
        {{ day }} as day,
        cast(sum(hash('{{ day }}', {{ columns | join(', ') }})) as varchar) as fingerprint
    from {{ relation }}
    where {{ day }} is not null
    group by all
{%- endmacro %}
