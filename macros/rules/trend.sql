{#- The relative change of a window against the one before, clipped to -1 and 1. -#}
{% macro trend(now, before, days_since_signup) %}
    {{- return(clip(relative_change(now, before, days_since_signup), -1, 1)) -}}
{% endmacro %}
