{#- Ranks the deliveries of one event (key_rank), the first received first, then the one with the lowest hash. Rows that are
    later, deleted or without a readable moment do not take part. -#}
{% macro ranked_deliveries(key) %}
    {%- set keys = key | join(', ') %}
    repeated as (
        select {{ keys }} from dated where not (is_later or was_deleted or has_bad_timestamp) group by all having count(*) > 1
    )
    select *, 1 as key_rank, false as has_collision from dated anti join repeated using ({{ keys }})
    union all
    select *, row_number() over (
        partition by {{ keys }}, is_later or was_deleted or has_bad_timestamp order by received_at, md5(to_json(raw_row))
    ), false
    from dated semi join repeated using ({{ keys }})
{% endmacro %}
