{#- The typed rows of a raw table with the inputs of quarantine_reason(): the unchanged row (raw_row), whether a timestamp
    or another value did not cast, whether the row's own date is later than as_of_date, and its rank among rows with the
    same key (the earliest loaded is kept; only repeated keys are ranked, to avoid sorting the whole table). -#}
{% macro raw_rows(source_name, table_name, key, own_date=none, order_by='_fivetran_synced', where='true') %}
    {% set hidden = own_date ~ ' >= ' ~ as_of_end() if own_date else 'false' %}
    with typed as not materialized (
        select
            {{ typed_columns(source_name, table_name) }},
            source_row as raw_row,
            ({{ has_uncast_value(source_name, table_name, 'TIMESTAMP') }}) as has_bad_timestamp,
            ({{ has_uncast_value(source_name, table_name, 'other') }}) as has_bad_value
        from {{ source_or_empty(source_name, table_name) }} as source_row
    ),
    dated as not materialized (
        select * replace (has_bad_timestamp {% if own_date %}or {{ own_date }} is null{% endif %} as has_bad_timestamp),
            coalesce({{ hidden }}, false) as is_later
        from typed
        where {{ where }}
    ),
    repeated as (
        select {{ key | join(', ') }} from dated where not is_later and not has_bad_timestamp
        group by all having count(*) > 1
    )
    select *, 1 as key_rank from dated anti join repeated using ({{ key | join(', ') }})
    union all
    select *, row_number() over (partition by {{ key | join(', ') }}, is_later or has_bad_timestamp order by {{ order_by }}, md5(to_json(raw_row)))
    from dated semi join repeated using ({{ key | join(', ') }})
{% endmacro %}
