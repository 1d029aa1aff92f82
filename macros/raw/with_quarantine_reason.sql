{#- The last step of a base model: adds the key as text (row_key), the reason of quarantine or null (quarantine_reason) and,
    for quarantined rows, the raw row as JSON (raw_json; never for an erased household). Arguments: see quarantine_reason().
    With has_own_date=false, a row is later than as_of_date when its household is. -#}
{% macro with_quarantine_reason(
    relation, key, has_household=true, has_own_date=true, ends=[], amounts=[], status=none, currency=none, other={}
) %}
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
        from {{ with_household_is_later(relation, key) if has_household and not has_own_date else relation }}
    )
{% endmacro %}
