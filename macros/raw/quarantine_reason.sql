{#- Why a raw row may not go on, the first reason that holds; null where it may. Arguments name columns:
    key; ends [(start, end)]; amounts; status (column, accepted values); currency; other {reason: condition}. -#}
{% macro quarantine_reason(key, has_household, ends, amounts, status, currency, other) %}
    case
        when has_bad_timestamp then 'bad_timestamp'
        when {{ key | join(' is null or ') }} is null then 'null_key'
        when key_rank > 1 then 'duplicate_key'
        {%- if has_household %}
        when household_state = 'erased' then 'erased_household'
        when (household_state is distinct from 'known') then 'unknown_household'
        {%- endif %}
        {%- for start, end in ends %}
        when {{ end }} < {{ start }} then 'end_before_start'
        {%- endfor %}
        {%- for amount in amounts %}
        when {{ amount }} < 0 then 'negative_amount'
        {%- endfor %}
        {%- if status %}
        when {{ status[2] or 'true' }} and ({{ status[0] }} is null or {{ status[0] }} not in ('{{ status[1] | join("', '") }}')) then 'unknown_status'
        {%- endif %}
        {%- if currency %}
        when ({{ currency }}) then 'other_currency'
        {%- endif %}
        {%- for reason, condition in other.items() %}
        when ({{ condition }}) then '{{ reason }}'
        {%- endfor %}
        when has_bad_value then 'bad_value'
    end
{% endmacro %}
