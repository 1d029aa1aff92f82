{#- The points that one metric of premium adoption earns (seed health_points); null before the seeds are built. -#}
{% macro adoption_points(metric) %}
    {%- set rules = rule_rows('health_points', "part = 'premium_adoption' and metric = '" ~ metric ~ "'") -%}
    {{- return(points_of_metric(rules) if rules else 'cast(null as integer)') -}}
{% endmacro %}
