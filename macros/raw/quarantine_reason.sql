{#- The reason why a raw row does not hold: the first that applies, or null. Arguments name columns: key; ends [(start, end)];
    amounts; status (column, accepted values, condition); other {reason: condition}. -#}
{% macro quarantine_reason(key, has_household, ends, amounts, status, other) %}
    {%- set rules = [
        ('has_bad_timestamp', 'bad_timestamp'),
        (key | join(' is null or ') ~ ' is null', 'null_key'),
        ('has_collision', 'key_collision'),
    ] -%}
    {%- if has_household -%}
        {%- do rules.append(("household_state = 'erased'", 'erased_household')) -%}
        {%- do rules.append(("household_state is distinct from 'known'", 'unknown_household')) -%}
    {%- endif -%}
    {%- for start, end in ends %}{% do rules.append((end ~ ' < ' ~ start, 'end_before_start')) %}{% endfor -%}
    {%- for amount in amounts %}{% do rules.append((amount ~ ' < 0', 'negative_amount')) %}{% endfor -%}
    {%- if status -%}
        {%- set accepted = status[0] ~ " in ('" ~ status[1] | join("', '") ~ "')" -%}
        {%- do rules.append(((status[2] or 'true') ~ ' and not coalesce(' ~ accepted ~ ', false)', 'unknown_status')) -%}
    {%- endif -%}
    {%- for reason, condition in other.items() %}{% do rules.append((condition, reason)) %}{% endfor -%}
    case {%- for condition, reason in rules + [('has_bad_value', 'bad_value')] %}
        when ({{ condition }}) then '{{ reason }}' {%- endfor %}
    end
{% endmacro %}
