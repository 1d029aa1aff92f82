{#- Linear interpolation of a metric between its worst value (0) and its ideal value (1), clipped to 0–1; null stays null.
    Either end may be the larger. -#}
{% macro position_on_line(metric, worst, ideal) %}
    {{- return(clip('(cast(' ~ metric ~ ' as double) - ' ~ worst ~ ') / (' ~ ideal ~ ' - ' ~ worst ~ ')', 0, 1)) -}}
{% endmacro %}
