{#- Whether an SLA target in calendar hours was met: false once the deadline has passed unmet, even if the work is still
    open; null before the deadline. -#}
{% macro sla_met(start, done, hours) %}
    case
        when {{ done }} <= {{ start }} + to_hours({{ hours }}) then true
        when {{ start }} + to_hours({{ hours }}) < {{ as_of_end() }} then false
    end
{% endmacro %}
