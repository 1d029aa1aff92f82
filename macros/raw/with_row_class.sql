{#- The last step of a base model: adds the key as text (row_key), what becomes of the row (row_class), the reason of quarantine
    or null (quarantine_reason) and, for quarantined rows, the raw row as JSON (raw_json; never for an erased household).
    Arguments: see quarantine_reason(). With has_own_date=false, a row is later than as_of_date when its household is. With
    is_referred_to, is_readable says which rows others may refer to: a deleted one stays readable. -#}
{% macro with_row_class(
    relation, key, has_household=true, has_own_date=true, ends=[], amounts=[], status=none, other={},
    is_delivered=false, is_referred_to=false
) %}
    select
        * exclude (
            raw_row, has_bad_timestamp, has_bad_value, was_deleted, is_test_mode, row_updated_at, is_later, key_rank,
            has_collision, found_reason
        ),
        concat_ws('|', {{ key | join(', ') }}) as row_key,
        {{ row_class(has_household, has_own_date, is_delivered) }} as row_class,
        case when row_class in ('quarantined', 'erased') then found_reason end as quarantine_reason,
        case
            when row_class = 'quarantined' {%- if has_household %} and (household_state is distinct from 'erased'){% endif %}
                then to_json(raw_row)
        end as raw_json
        {%- if is_referred_to %},
        row_class in ('staged', 'deleted') and key_rank = 1 and found_reason is null as is_readable{% endif %}
    from (
        select *, {{ quarantine_reason(key, has_household, ends, amounts, status, other) }} as found_reason
        from {{ relation }}
    )
{% endmacro %}
