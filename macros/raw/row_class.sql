{#- What becomes of a raw row, in the order of the definitions: later, not_live, deleted, superseded, then what is in quarantine
    or belongs to an erased household, else staged. A row of a parent that is a test or deleted is so too. A repeated delivery
    of an event is a duplicate; one without a key or a readable moment is in quarantine. -#}
{% macro row_class(has_household, has_own_date, is_delivered) %}
    {%- set of_parent = has_household -%}
    case
        when is_later {%- if of_parent and not has_own_date %} or coalesce(household_state = 'later', false){% endif %} then 'later'
        when is_test_mode {%- if of_parent %} or coalesce(household_state = 'not_live', false){% endif %} then 'not_live'
        when was_deleted {%- if of_parent %} or coalesce(household_state = 'deleted', false){% endif %} then 'deleted'
        {%- if is_delivered %}
        when key_rank > 1 and coalesce(found_reason not in ('bad_timestamp', 'null_key'), true) then 'duplicate'
        {%- else %}
        when key_rank > 1 then 'superseded'
        {%- endif %}
        when found_reason = 'erased_household' then 'erased'
        when found_reason is not null then 'quarantined'
        else 'staged'
    end
{% endmacro %}
