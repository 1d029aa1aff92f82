{#- Whether what was promised within some calendar hours was done in time: false once due and missed, even while it
    is still open; null before it is due. -#}
{% macro sla_met(start, done, hours) %}
    case
        when {{ done }} <= {{ start }} + to_hours({{ hours }}) then true
        when {{ start }} + to_hours({{ hours }}) < {{ as_of_end() }} then false
    end
{% endmacro %}
