{#- The typed rows of a raw table with the inputs of with_row_class(): the unchanged row (raw_row), whether a timestamp or
    another value did not cast, whether the source deleted the row or marks it as a test, whether its own date is later than
    as_of_date, and its rank among the rows with its key (ranked_loads or ranked_deliveries). -#}
{% macro raw_rows(source_name, table_name, key, own_date=none, loaded_at='_fivetran_synced', own_household=false, where='true', is_delivered=false, preferred=none) %}
    with typed as not materialized (
        select
            {{ typed_columns(source_name, table_name) }},
            source_row as raw_row,
            ({{ has_uncast_value(source_name, table_name, 'TIMESTAMP') }}) as has_bad_timestamp,
            ({{ has_uncast_value(source_name, table_name, 'other') }}) as has_bad_value,
            {{ row_flag(source_name, table_name, ['_fivetran_deleted', 'is_deleted'], true) }} as was_deleted,
            {{ row_flag(source_name, table_name, ['livemode'], false) }} as is_test_mode,
            {{ row_updated_at(source_name, table_name) }} as row_updated_at
        from {{ source_or_empty(source_name, table_name) }} as source_row
    ),
    dated as not materialized (
        select * replace (has_bad_timestamp {% if own_date %}or {{ own_date }} is null{% endif %} as has_bad_timestamp),
            {{ 'coalesce(' ~ own_date ~ ' >= ' ~ as_of_end() ~ ', false)' if own_date else 'false' }} as is_later
        from typed
        where {{ where }}
    ),
    {{ ranked_deliveries(key) if is_delivered else ranked_loads(source_name, table_name, key, loaded_at, own_household, preferred) }}
{% endmacro %}
