{#- The last step of a base model: each row with its key as text, whether it is later than as_of_date, why it is
    quarantined, and then the row as JSON (never for an erased household). See quarantine_reason() for arguments.
    A row without a date of its own is later when its household is. -#}
{% macro judged(relation, key, has_household=true, dated=true, ends=[], amounts=[], status=none, currency=none, other={}) %}
    select
        * exclude (raw_row, has_bad_timestamp, has_bad_value, key_rank, quarantine_reason),
        concat_ws('|', {{ key | join(', ') }}) as row_key,
        case when not is_later then quarantine_reason end as quarantine_reason,
        case
            when not is_later and quarantine_reason is not null
            {%- if has_household %} and (household_state is distinct from 'erased'){% endif %} then to_json(raw_row)
        end as raw_json
    from (
        select
            *,
            {{ quarantine_reason(key, has_household, ends, amounts, status, currency, other) }} as quarantine_reason
        from {{ later_with_household(relation, key) if has_household and not dated else relation }}
    )
{% endmacro %}
