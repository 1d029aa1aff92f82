{#- Where a metric stands on the straight line from its worst value (0) to its ideal (1), clipped; unknown stays unknown.
    Either end may be the larger. -#}
{% macro on_line(metric, worst, ideal) %}
    {{- return(clip('(cast(' ~ metric ~ ' as double) - ' ~ worst ~ ') / (' ~ ideal ~ ' - ' ~ worst ~ ')', 0, 1)) -}}
{% endmacro %}
